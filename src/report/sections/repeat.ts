// What repeats the run, and what it must give.

import type { Run } from '../../tables/index.js';
import { code, data, type Html, html, joined, type Part, raw } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { bytesText, counted, countText, dateText, secondsText } from '../numbers.js';
import { beside, pairs, paragraph, type Section, table } from '../parts.js';
import { cut, spaced } from '../text.js';

const WHERE: ReadonlyMap<string, string> = new Map([
  ['main', 'the program itself'],
  ['worker', 'a worker'],
]);

/** Whole, with its line ends: what is copied is what is run. */
function command({ notes }: Run): Html {
  if (notes.command === '') return paragraph('The run was started by a program: there is no command.');
  const isCut = notes.command.length > LIMITS.command;
  const lines = notes.command.slice(0, LIMITS.command).split('\n');
  const said =
    isCut &&
    paragraph(
      `The command has ${countText(notes.command.length)} characters, of which these are the first ${countText(LIMITS.command)}; the model’s file has all.`,
    );
  return html`<pre class="command" tabindex="0"><code>${joined(lines, raw('\n'))}</code></pre>${said}`;
}

function timings({ seconds }: Run): Html {
  const entries = Object.entries(seconds);
  const all = entries.reduce((sum, [, each]) => sum + each, 0);
  const { shown } = some(entries, LIMITS.entries);
  const rows: Part[][] = shown.map(([name, each]) => [data(spaced(cut(name, LIMITS.text))), secondsText(each)]);
  if (entries.length === 0) return paragraph('No times were taken.');
  return table({
    id: 'timings',
    caption: 'Timings',
    heads: [{ text: 'what' }, { text: 'took', right: true }],
    rows: [...rows, ['all', secondsText(all)]],
  });
}

export function repeat(run: Run): Section {
  const { model, machine, notes, date } = run;
  const when = dateText(date);
  const hashes = table({
    id: 'hashes',
    caption: 'Hashes: the same command on the same data gives the same bits, on every machine',
    heads: [{ text: 'of' }, { text: 'SHA-256' }],
    rows: [
      ['parameters', code(model.parametersSha256, 64)],
      [
        html`model${model.file !== undefined && html` ${data(model.file, 80)}`}, ${bytesText(model.bytes)}`,
        code(model.sha256, 64),
      ],
    ],
    wide: true,
  });
  const on = pairs([
    ['bitgrad', html`${data(notes.version)}, numeric contract ${notes.contractVersion}`],
    ['runtime', data(machine.runtime)],
    ['platform', data(machine.platform)],
    ['processor', data(machine.cpu)],
    ['cores', countText(machine.cores)],
    ['SIMD', machine.simd ? 'yes' : 'no'],
    [
      'backend',
      html`${data(run.ran.backend)}, ${counted(run.ran.threads, 'thread')}, in ${WHERE.get(run.ran.where) ?? data(run.ran.where)}`,
    ],
    ['seed', String(notes.network.seed)],
    ['date', when ? html`<time datetime="${new Date(date).toISOString()}">${when}</time>` : data(date)],
  ]);
  return { id: 'repeat', title: 'Repeat this run', body: html`${command(run)}${hashes}${beside(on, timings(run))}` };
}
