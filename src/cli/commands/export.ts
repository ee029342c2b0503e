// bitgrad export: a model for programs that have no bitgrad.

import { extname } from 'node:path';
import { EXPORTERS, type Exported, type ExportForm, exportModel } from '../../export/index.js';
import { type Command, UsageError } from '../command.js';
import { checkWritable, writeWhole } from '../files.js';
import { openModel } from '../models.js';
import { file } from '../options.js';
import { fileText } from '../run-text.js';

const STDOUT = '-';
const FORMS = Object.keys(EXPORTERS) as ExportForm[];

/** The file and, of a name that says what it is, the one beside it: `model.js` and `model.d.ts`. */
function filesOf(form: ExportForm, path: string, { content, types }: Exported): [string, string | Uint8Array][] {
  const extension = extname(path);
  const beside = Object.entries(EXPORTERS[form].extensions).find(([known]) => known === extension)?.[1];
  if (types === undefined || !beside) return [[path, content]];
  return [
    [path, content],
    [path.slice(0, -extension.length) + beside, types],
  ];
}

export const command: Command = {
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
    const printed = wanted.find((form) => given[form] === STDOUT);
    if (printed && wanted.length > 1) throw new UsageError('standard output takes one of them: give files');
    for (const form of wanted) if (form !== printed) await checkWritable(given[form] as string);
    const { model, name } = await openModel(path);
    for (const warning of model.loadInfo.warnings) out.note(`${name}: ${warning}`);
    // All are made before any is written.
    const made = wanted.map((form) => ({ form, ...exportModel(model, form, model.loadInfo.notes) }));
    const [{ content }] = made;
    if (printed) {
      if (typeof content !== 'string') throw new UsageError(`--${printed} makes bytes: give a file`);
      out.result(content, content.trimEnd());
      return 0;
    }
    const all = made.flatMap((each) =>
      filesOf(each.form, given[each.form] as string, each).map(([to, content]) => ({ form: each.form, to, content })),
    );
    for (const { to, content } of all) await writeWhole(to, content);
    const warnings = made.flatMap(({ form, warnings }) => warnings.map((text) => ({ form, text })));
    for (const { form, text } of warnings) out.note(`${given[form]}: ${text}`);
    const files = all.map(({ form, to, content }) => ({ form, path: to, bytes: Buffer.byteLength(content) }));
    out.result({ files, warnings }, files.map(({ path, bytes }) => fileText(path, bytes)).join('\n'));
    return 0;
  },
};
