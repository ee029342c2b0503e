// The data: where they are from, which rows and columns were used, and what the columns are.

import { axisY, barX, ruleX, text } from '@observablehq/plot';
import type { ColumnSchema, Run, TargetSchema } from '../../tables/index.js';
import { draw, WIDTH } from '../chart.js';
import { code, data, type Html, html, joined, type Part } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { bytesText, counted, countText, numberText, percentText } from '../numbers.js';
import { beside, details, figure, instead, pairs, paragraph, type Section, table } from '../parts.js';
import { cut, label, listed, widthOf } from '../text.js';

const KINDS = { number: 'number', boolean: 'flag', category: 'category' } as const;
const PLURALS = { number: 'numbers', boolean: 'flags', category: 'categories' } as const;
/** Columns in sight; the others are a click away. */
const OPEN = 25;

function range({ min, max, mean, std }: Pick<ColumnSchema, 'min' | 'max' | 'mean' | 'std'>): string {
  const known = (x: number | undefined): x is number => x !== undefined;
  const from = known(min) && known(max) ? `${numberText(min)} to ${numberText(max)}` : '';
  const around = known(mean) ? `mean ${numberText(mean)}${known(std) ? `, deviation ${numberText(std)}` : ''}` : '';
  return [from, around].filter((part) => part !== '').join('; ');
}

function categoriesText({ categories = [], others = 0 }: ColumnSchema): Html {
  const { shown, left } = some(categories, LIMITS.categories);
  const more = [
    left > 0 ? `${countText(left)} more` : '',
    others > 0 ? `${countText(others)} rare ones as one` : '',
  ].filter((part) => part !== '');
  return joined(
    [...shown.map((each) => data(each, 24)), ...more.map((each) => html`<span class="soft">${each}</span>`)],
    ', ',
  );
}

function columnRow(column: ColumnSchema, rows: number): Part[] {
  const { name, kind, missing, fill } = column;
  const filled =
    fill === undefined
      ? ''
      : html`, filled with ${typeof fill === 'number' ? numberText(fill) : data(String(fill), 24)}`;
  const gaps =
    missing > 0 ? html`${countText(missing)} (${percentText(missing / Math.max(1, rows))})${filled}` : 'none';
  return [data(name), KINDS[kind], gaps, kind === 'category' ? categoriesText(column) : range(column)];
}

function columnsTable({ notes }: Run): Html {
  const { columns, sparseColumns } = notes.schema;
  if (sparseColumns !== undefined)
    return paragraph(
      `The rows are sparse: ${counted(sparseColumns, 'column')} of numbers without names, of which each row stores those that are not 0.`,
    );
  if (columns.length === 0) return paragraph('There are no columns to learn from.');
  const kinds = (['number', 'category', 'boolean'] as const).flatMap((kind) => {
    const n = columns.filter((column) => column.kind === kind).length;
    return n > 0 ? [counted(n, KINDS[kind], PLURALS[kind])] : [];
  });
  const gaps = columns.filter(({ missing }) => missing > 0).length;
  const heads = [{ text: 'column' }, { text: 'kind' }, { text: 'gaps' }, { text: 'values' }];
  // Those with gaps are never the ones that are left out, as far as there is room.
  const ordered =
    columns.length > LIMITS.columns
      ? [...columns].sort((a, b) => Number(b.missing > 0) - Number(a.missing > 0))
      : columns;
  const { shown, left } = some(ordered, LIMITS.columns);
  const rows = shown.map((column) => columnRow(column, notes.data.trainRows));
  const what = (n: number) =>
    n < columns.length ? `${countText(n)} of ${counted(columns.length, 'column')}` : counted(n, 'column');
  const first = table({
    id: 'columns',
    caption: `What the network learns from: ${what(Math.min(OPEN, rows.length))}`,
    heads,
    rows: rows.slice(0, OPEN),
    wide: true,
  });
  const rest =
    rows.length > OPEN &&
    details(
      `${counted(rows.length - OPEN, 'more column')}`,
      table({ id: 'more-columns', caption: 'More columns', heads, rows: rows.slice(OPEN), wide: true }),
    );
  const missing =
    left > 0 &&
    paragraph(`${counted(left, 'column')} ${left === 1 ? 'is' : 'are'} not listed; the model’s file has all of them.`);
  const said = `${counted(columns.length, 'column')}: ${listed(kinds)}. ${gaps === 0 ? 'None has gaps.' : `${countText(gaps)} ${gaps === 1 ? 'has' : 'have'} gaps.`} Numbers are scaled: ${cut(notes.schema.scale, LIMITS.label)}.`;
  return html`${paragraph(said)}${first}${rest}${missing}`;
}

function targetFigure({ classes = [], counts = [], name }: TargetSchema): Html {
  const title = 'Rows of each class.';
  const bars = classes
    .map((each, i) => ({ name: label(String(each), LIMITS.label), count: counts[i] ?? 0 }))
    .sort((a, b) => b.count - a.count);
  const { shown, left } = some(bars, LIMITS.saliency);
  if (!shown.some(({ count }) => count > 0)) return instead(title, 'They were not counted.');
  const indices = shown.map((_, i) => i);
  const at = (_: unknown, i: number) => i;
  const chart = draw({
    id: 'target-chart',
    name: 'Rows of each class',
    says: `The most frequent is ${shown[0].name} with ${counted(shown[0].count, 'row')}.`,
    width: WIDTH,
    height: shown.length * 24 + 20,
    marginLeft: Math.max(...shown.map((each) => widthOf(each.name))) * 7 + 12,
    marginRight: 62,
    marginTop: 6,
    marginBottom: 14,
    grid: false,
    x: { axis: null, domain: [0, shown[0].count] },
    y: { type: 'band', domain: indices, padding: 0.3 },
    marks: [
      axisY({ tickSize: 0, label: null, tickFormat: (i: number) => shown[i].name, fontSize: 12 }),
      barX(shown, { x: 'count', y: at, fill: 'var(--s3)' }),
      text(shown, {
        x: 'count',
        y: at,
        text: (d: { count: number }) => countText(d.count),
        textAnchor: 'start',
        dx: 6,
        fontSize: 12,
      }),
      ruleX([0], { stroke: 'var(--edge)' }),
    ],
  });
  const rest =
    left > 0 ? ` ${counted(left, 'rarer class', 'rarer classes')} ${left === 1 ? 'is' : 'are'} not drawn.` : '';
  return figure({ id: 'target', title, note: html`The target ${data(name)}, as the training found it.${rest}`, chart });
}

function filesTable({ notes }: Run): Html {
  const { shown, left } = some(notes.data.files, LIMITS.files);
  const rows = shown.map(({ name, bytes, sha256 }) => [
    data(name, 120),
    bytes === undefined ? 'unknown' : bytesText(bytes),
    sha256 === undefined ? 'not taken' : code(sha256, 64),
  ]);
  const caption = `${cut(notes.data.format, LIMITS.label)}${left > 0 ? `; ${counted(left, 'more file')} not shown` : ''}`;
  return table({
    id: 'files',
    caption: `Files, ${caption}`,
    heads: [{ text: 'file' }, { text: 'size', right: true }, { text: 'SHA-256' }],
    rows,
    wide: true,
  });
}

function droppedTable({ notes }: Run): Html | undefined {
  const { dropped } = notes.schema;
  if (dropped.length === 0) return undefined;
  const { shown, left } = some(dropped, LIMITS.dropped);
  const rows = shown.map(({ name, why }) => [data(name), data(why, 160)]);
  return table({
    id: 'dropped',
    caption: `Columns that were left out${left > 0 ? `, ${countText(left)} more are not listed` : ''}`,
    heads: [{ text: 'column' }, { text: 'why' }],
    rows,
  });
}

export function dataSection(run: Run): Section {
  const { data: from, schema } = run.notes;
  const { target } = schema;
  const rows = pairs([
    ['rows of the file', countText(from.rows)],
    ['could not be read', from.skippedRows === 0 ? 'none' : countText(from.skippedRows)],
    ['left out for gaps', from.droppedRows === 0 ? 'none' : countText(from.droppedRows)],
    ['learnt from', countText(from.trainRows)],
    ['held out', from.validationRows === 0 ? 'none' : countText(from.validationRows)],
    ['gaps are treated by', data(schema.missing)],
    ['rows were kept', from.streamed ? 'on disk, block by block' : 'in memory'],
    ...(target.classes ? [] : [['target', html`${data(target.name)}: ${range(target) || 'a number'}`] as const]),
  ]);
  const about = target.classes ? beside(targetFigure(target), rows) : rows;
  return { id: 'data', title: 'Data', body: html`${filesTable(run)}${about}${columnsTable(run)}${droppedTable(run)}` };
}
