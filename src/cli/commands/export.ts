// bitgrad export: a model for programs that have no bitgrad.

import { writeFile } from 'node:fs/promises';
import { EXPORTERS, type ExportForm, exportModel } from '../../export/index.js';
import { type Command, UsageError } from '../command.js';
import { openModel } from '../models.js';
import { file } from '../options.js';
import { fileText } from '../run-text.js';

const FORMS = Object.keys(EXPORTERS) as ExportForm[];

/** `model.js` and `.d.ts`: `model.d.ts`. */
const besideOf = (path: string, end: string): string => path.replace(/\.[^./\\]*$/, '') + end;

export const command: Command = {
  name: 'export',
  what: 'a model as JavaScript without dependencies, as ONNX, as JSON',
  arguments: [['<model>', 'a file that bitgrad saved; - is standard input']],
  options: FORMS.map((form) => {
    // Without a file it is what it is elsewhere.
    const value = form === 'json' ? '[file]' : '<file>';
    return { flags: `--${form} ${value}`, what: EXPORTERS[form].what, read: file };
  }),
  examples: [
    ['bitgrad export model.safetensors --js model.js', 'a module with predict(rows), and its types beside it'],
    ['bitgrad export model.safetensors --onnx model.onnx --json model.json', 'both at once'],
  ],
  async run([path], given, { out }) {
    const wanted = FORMS.filter((form) => typeof given[form] === 'string');
    if (wanted.length === 0) throw new UsageError(`expected one of ${FORMS.map((form) => `--${form}`).join(', ')}`);
    const { model } = await openModel(path);
    // All are made before any is written.
    const made = wanted.map((form) => ({ form, ...exportModel(model, form, model.loadInfo.notes) }));
    const files: { form: ExportForm; path: string; bytes: number }[] = [];
    for (const { form, content, beside, warnings } of made) {
      const main = given[form] as string;
      const all = [
        [main, content] as const,
        ...Object.entries(beside).map(([end, text]) => [besideOf(main, end), text] as const),
      ];
      for (const [to, each] of all) {
        await writeFile(to, each);
        files.push({ form, path: to, bytes: Buffer.byteLength(each) });
      }
      for (const warning of warnings) out.note(`${main}: ${warning}`);
    }
    const warnings = made.flatMap(({ form, warnings }) => warnings.map((text) => ({ form, text })));
    out.result({ files, warnings }, files.map(({ path, bytes }) => fileText(path, bytes)).join('\n'));
    return 0;
  },
};
