// bitgrad export: a model as files for elsewhere.

import { extname } from 'node:path';
import { EXPORTERS, type Exported, type ExportForm, exportModel } from '../../export/index.js';
import { type Command, UsageError } from '../command.js';
import { checkWritable, writeWhole } from '../files.js';
import { openModel } from '../models.js';
import { file } from '../options.js';
import { bytesText } from '../text.js';

const STDOUT = '-';
const FORMS = Object.keys(EXPORTERS) as ExportForm[];
/** As commander calls what stands behind a flag. */
const keyOf = (flag: string) => flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The file and, of a name that says what it is, the one beside it. */
function filesOf(form: ExportForm, to: string, { content, types }: Exported): [string, string | Uint8Array][] {
  const extension = extname(to);
  const beside = Object.entries(EXPORTERS[form].extensions).find(([known]) => known === extension)?.[1];
  if (types === undefined || !beside) return [[to, content]];
  return [
    [to, content],
    [to.slice(0, -extension.length) + beside, types],
  ];
}

export const command: Command = {
  name: 'export',
  what: 'a model as JavaScript without dependencies, as ONNX, as JSON',
  arguments: [['<model>', 'a file that bitgrad saved; - is standard input']],
  options: FORMS.map((form) => {
    const { flag, what } = EXPORTERS[form];
    return { flags: `${flag} <file>`, what, read: file };
  }),
  examples: [
    ['bitgrad export model.safetensors --js model.js', 'import { predict } from "./model.js": a few KB'],
    ['bitgrad export model.safetensors --onnx model.onnx --as-json model.json', 'both'],
  ],
  async run([from], options, { out }) {
    const wanted = FORMS.flatMap((form) => {
      const to = options[keyOf(EXPORTERS[form].flag)];
      return typeof to === 'string' ? [{ form, to }] : [];
    });
    if (wanted.length === 0) {
      throw new UsageError(`say what to make: ${FORMS.map((form) => `${EXPORTERS[form].flag} FILE`).join(', ')}`);
    }
    if (wanted.length > 1 && wanted.some(({ to }) => to === STDOUT)) {
      throw new UsageError('standard output takes one of them: give files');
    }
    for (const { to } of wanted) if (to !== STDOUT) await checkWritable(to);
    const { model, name } = await openModel(from);
    for (const warning of model.loadInfo.warnings) out.note(`${name}: ${warning}`);
    // All of them before the first is written.
    const made = wanted.map(({ form, to }) => {
      const exported = exportModel(model, form, model.loadInfo.notes);
      for (const warning of exported.warnings) out.note(`${to}: ${warning}`);
      return { form, warnings: exported.warnings, files: filesOf(form, to, exported) };
    });
    const [[, content]] = made[0].files;
    if (wanted[0].to === STDOUT) {
      if (typeof content !== 'string') throw new UsageError(`${EXPORTERS[made[0].form].flag} are bytes: give a file`);
      out.result(content, content.trimEnd());
      return 0;
    }
    for (const { files } of made) for (const [to, content] of files) await writeWhole(to, content);
    const bytes = (content: string | Uint8Array) => Buffer.byteLength(content);
    const value = made.map(({ form, warnings, files }) => ({
      form,
      files: files.map(([to, content]) => ({ file: to, bytes: bytes(content) })),
      warnings,
    }));
    const lines = made.flatMap(({ files }) => files.map(([to, content]) => `${to}  ${bytesText(bytes(content))}`));
    out.result(value, lines.join('\n'));
    return 0;
  },
};
