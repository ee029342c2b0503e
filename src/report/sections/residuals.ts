// Of numbers: what was predicted, and by how much that is off.

import { dot, link, rectY, ruleY } from '@observablehq/plot';
import type { Run } from '../../tables/index.js';
import { dotted, draw } from '../chart.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import { evenly, LIMITS } from '../limits.js';
import { counted, countText, numberText, placed } from '../numbers.js';
import { beside, figure, instead } from '../parts.js';

interface Row {
  readonly actual: number;
  readonly predicted: number;
  readonly residual: number;
}

const BINS = 24;

/** A little around what lies in it. */
function domainOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const edge = low === high ? Math.abs(low) / 10 || 0.5 : (high - low) / 40;
  return [low - edge, high + edge];
}

const axis = (label: string, domain: [number, number]) => ({
  label,
  domain,
  ticks: 5,
  tickFormat: (d: number) => numberText(d),
});
const ideal = { stroke: 'var(--s2)', strokeWidth: 1.5, strokeDasharray: '6 4' };
const left = { marginLeft: 64 };

function against(rows: readonly Row[]): Html {
  const domain = domainOf(rows.flatMap(({ actual, predicted }) => [actual, predicted]));
  const [low, high] = domain;
  const chart = draw({
    ...left,
    id: 'predicted-chart',
    name: 'Predicted by actual value',
    says: `${counted(rows.length, 'row')} from ${numberText(low)} to ${numberText(high)}, around the line where both are equal.`,
    height: 340,
    x: axis('actual', domain),
    y: axis('predicted', domain),
    marks: [
      dot(rows, { x: 'actual', y: 'predicted', render: dotted }),
      link([0], { x1: low, y1: low, x2: high, y2: high, ...ideal }),
    ],
  });
  return figure({
    id: 'predicted',
    title: 'Predicted by actual value.',
    note: 'A dot is a row; on the dashed line both are equal.',
    chart,
  });
}

function residualPlot(rows: readonly Row[]): Html {
  const residuals = rows.map(({ residual }) => residual);
  const chart = draw({
    ...left,
    id: 'residuals-chart',
    name: 'Residual by predicted value',
    says: `Residuals, actual less predicted, lie between ${numberText(Math.min(...residuals))} and ${numberText(Math.max(...residuals))}.`,
    height: 340,
    x: axis('predicted', domainOf(rows.map(({ predicted }) => predicted))),
    y: axis('actual − predicted', domainOf([...residuals, 0])),
    marks: [dot(rows, { x: 'predicted', y: 'residual', render: dotted }), ruleY([0], ideal)],
  });
  return figure({
    id: 'residuals',
    title: 'Residuals.',
    note: 'By what was predicted. A pattern around the dashed line is something that the network did not learn.',
    chart,
  });
}

function spread(rows: readonly Row[]): Html | undefined {
  const residuals = rows.map(({ residual }) => residual);
  const [low, high] = [Math.min(...residuals), Math.max(...residuals)];
  if (!(high > low) || rows.length < BINS) return undefined;
  const counts = new Array<number>(BINS).fill(0);
  for (const each of residuals) counts[Math.min(BINS - 1, Math.floor(((each - low) / (high - low)) * BINS))]++;
  const at = (i: number) => low + ((high - low) * i) / BINS;
  const chart = draw({
    ...left,
    id: 'spread-chart',
    name: 'How residuals are spread',
    says: `The most frequent are from ${numberText(at(counts.indexOf(Math.max(...counts))))} to ${numberText(at(counts.indexOf(Math.max(...counts)) + 1))}.`,
    x: { label: 'actual − predicted', ticks: 5, tickFormat: (d: number) => numberText(d) },
    y: { label: 'rows', ticks: 5 },
    marks: [
      rectY(counts, {
        x1: (_: number, i: number) => at(i),
        x2: (_: number, i: number) => at(i + 1),
        y: (d: number) => d,
        fill: 'var(--s1)',
        inset: 0.5,
      }),
      ruleY([0]),
    ],
  });
  return figure({ id: 'spread', title: 'How residuals are spread.', note: 'Rows by how far off they are.', chart });
}

export function residuals({ evaluation, notes }: Run): Html | undefined {
  if (notes.schema.task !== 'regress') return undefined;
  const title = 'Residuals.';
  const { actual = [], predicted = [] } = evaluation.residuals ?? {};
  const all = evenly(Math.min(actual.length, predicted.length), LIMITS.dots);
  const rows = all.flatMap((i): Row[] => {
    const [is, said] = [placed(actual[i]), placed(predicted[i])];
    return is === undefined || said === undefined
      ? []
      : [{ actual: is, predicted: said, residual: placed(is - said) ?? 0 }];
  });
  if (rows.length === 0)
    return instead(title, all.length === 0 ? 'There are no rows to draw.' : 'No prediction is a finite number.');
  const not = all.length - rows.length;
  const said =
    not > 0 && html`<p>${counted(not, 'row')} without a finite prediction ${not === 1 ? 'is' : 'are'} not drawn.</p>`;
  const part =
    evaluation.rows > rows.length + not &&
    html`<p class="soft">Drawn are ${countText(rows.length)} of ${countText(evaluation.rows)} rows, evenly spaced.</p>`;
  return html`${beside(against(rows), residualPlot(rows))}${spread(rows)}${part}${said}`;
}
