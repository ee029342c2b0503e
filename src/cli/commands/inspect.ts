// bitgrad inspect: what a model's file holds.

import type { Command } from '../command.js';
import { look } from '../inspect/look.js';
import { inspectText } from '../inspect/text.js';
import { openModel } from '../models.js';

export const command: Command = {
  arguments: [['<model>', 'a file that bitgrad saved; - is standard input']],
  options: [],
  examples: [
    ['bitgrad inspect model.safetensors', 'tables, and the curve of the loss'],
    ['bitgrad inspect model.safetensors --json', 'the same for programs, curves and all'],
  ],
  async run([file], _options, { out }) {
    const looked = await look(file, await openModel(file));
    for (const warning of looked.warnings) out.note(`${looked.file}: ${warning}`);
    out.result(looked, inspectText(looked, out));
    return 0;
  },
};
