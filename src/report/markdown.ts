// A run as a comment of a pull request: Markdown as GitHub takes it, below 60 lines.

import type { Run } from '../tables/index.js';
import { cautionsOf } from './cautions.js';
import { bytesText, countText, dateText, numberText, percentText, secondsText } from './numbers.js';
import { cellsOf } from './sections/confusion-cells.js';
import { summaryOf } from './summary.js';
import { clean, cut } from './text.js';
import { metricOf, rowsText, sourceText } from './words.js';

const METRICS = 6;
const MISTAKES = 4;
const SALIENT = 4;
const NAME = 40;
const COMMAND = { characters: 4000, lines: 4 };

/** Text of the data: within a code span nothing is a mention, a link or emphasis. Of a table's cell a pipe is the end all the same. */
function code(text: string, most = NAME): string {
  const shown = cut(text, most) || ' ';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const edge = longest > 0 ? ' ' : '';
  return `${fence}${edge}${shown.replaceAll('|', '\\|')}${edge}${fence}`;
}

/** Text of this room, with names in it. */
const plain = (text: string): string => clean(text).replace(/[\\`*_{}[\]<>()#+!|~@$&]/g, (each) => `\\${each}`);

/** Columns of numbers are set to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const isNumber = (_: string, i: number) => i > 0 && rows.every((row) => /^(\*\*)?[\d−]/.test(row[i]));
  return [line(heads), line(heads.map((head, i) => (isNumber(head, i) ? '---:' : '---'))), ...rows.map(line)];
}

/** Between fences that are longer than any of its own. */
function fenced(text: string): string[] {
  const lines = text.slice(0, COMMAND.characters).split('\n');
  const shown = lines.slice(0, COMMAND.lines).map(clean);
  const isCut = text.length > COMMAND.characters || lines.length > COMMAND.lines;
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => Math.min(length, COMMAND.characters)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, ...shown, fence, ...(isCut ? ['', 'It is longer than what is shown: the report has it.'] : [])];
}

const folded = (summary: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`<details><summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];

function mistakes({ evaluation }: Run): string[] {
  const { confusion } = evaluation;
  if (!confusion) return [];
  const wrong = cellsOf(confusion).filter(({ actual, predicted, count }) => actual !== predicted && count > 0);
  if (wrong.length === 0) return [];
  const rows = wrong
    .sort((a, b) => b.count - a.count || b.share - a.share)
    .slice(0, MISTAKES)
    .map(({ actual, predicted, count, share }) => [
      code(confusion.classes[actual]),
      code(confusion.classes[predicted]),
      countText(count),
      percentText(share),
    ]);
  return table(['is', 'taken for', 'rows', 'of its class'], rows);
}

function salient({ saliency, notes }: Run): string[] {
  const known = saliency.filter(({ value }) => Number.isFinite(value) && value > 0).slice(0, SALIENT);
  if (known.length === 0) return [];
  const name = (column: string) => (notes.schema.sparseColumns === undefined ? code(column) : `column ${code(column)}`);
  return table(
    ['column', 'mean abs. gradient'],
    known.map(({ column, value }) => [name(column), numberText(value)]),
  );
}

export function markdownOf(run: Run): string {
  const { notes, model, evaluation, machine } = run;
  const metrics = Object.entries(evaluation.metrics)
    .slice(0, METRICS)
    .map(([key, number]) => {
      const { name, value } = metricOf(key, number);
      return [plain(cut(name, NAME)), `**${value}**`];
    });
  const cautions = cautionsOf(run);
  const lines = [
    `### ${code(notes.schema.target.name)} from ${code(sourceText(run))}`,
    '',
    plain(summaryOf(run)),
    '',
    ...(cautions.length > 0 ? [...cautions.map((each) => `> - ${plain(each)}`), ''] : []),
    ...(metrics.length > 0 ? [...table([`on ${rowsText(run)}`, ''], metrics), ''] : []),
    ...folded('The most frequent mistakes', mistakes(run)),
    ...folded('The columns that it goes by', salient(run)),
    ...folded('How to repeat it', [
      ...(notes.command === '' ? ['The run was started by a program: there is no command.'] : fenced(notes.command)),
      '',
      ...table(
        ['', ''],
        [
          ['parameters, SHA-256', code(model.parametersSha256, 64)],
          [`model, SHA-256, ${bytesText(model.bytes)}`, code(model.sha256, 64)],
          ['bitgrad', code(`${notes.version}, contract ${notes.contractVersion}, ${run.ran.backend}`, 60)],
          ['machine', code(`${machine.runtime}, ${machine.platform}`, 80)],
          ['training', `${countText(notes.history.epochs)} epochs, ${secondsText(run.seconds.train)}`],
          ['date', dateText(run.date) ?? code(run.date)],
        ],
      ),
    ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
