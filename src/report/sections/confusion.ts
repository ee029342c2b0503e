// What is taken for what, as a heat map.

import { axisX, axisY, cell, frame, gridX, gridY, type RenderFunction, text } from '@observablehq/plot';
import type { Run } from '../../tables/index.js';
import { draw } from '../chart.js';
import { HEAT, HEAT_UP_TO, heatOf } from '../colours.js';
import { data, type Html, html } from '../html.js';
import { LIMITS } from '../limits.js';
import { counted, countText, percentText } from '../numbers.js';
import { beside, figure, instead, paragraph, table } from '../parts.js';
import { label, widthOf } from '../text.js';
import { bounded, type Cell, type Confusion, cellsOf, sum } from './confusion-cells.js';

/** Cells as a path for each step: a hundred classes have ten thousand of them. */
const heat: RenderFunction = (index, { x, y }, { x: left, y: top, fill }, _dimensions, { document }) => {
  const create = (name: string) => (document as Document).createElementNS('http://www.w3.org/2000/svg', name);
  const group = create('g');
  const [width, height] = [x, y].map((scale) => (scale as unknown as { bandwidth(): number }).bandwidth());
  for (let step = 0; step < HEAT.length; step++) {
    const of = [...index].filter((i) => (fill as ArrayLike<unknown>)[i] === `var(--h${step})`);
    if (of.length === 0) continue;
    const path = create('path');
    const at = (i: number) => `M${(left as number[])[i].toFixed(1)} ${(top as number[])[i].toFixed(1)}`;
    path.setAttribute('fill', `var(--h${step})`);
    path.setAttribute(
      'd',
      of.map((i) => `${at(i)}h${width.toFixed(1)}v${height.toFixed(1)}h-${width.toFixed(1)}z`).join(''),
    );
    group.append(path);
  }
  return group as SVGElement;
};

/** What all cells of many classes are as wide as. */
const PAGE = 860;

/** Pixels of a cell: few classes get large ones. */
const sizeOf = (k: number): number => (k <= 3 ? 92 : k <= 6 ? 62 : k <= LIMITS.numbered ? 52 : Math.min(26, PAGE / k));

function drawing(confusion: Confusion, cells: readonly Cell[]): Html {
  const { classes } = confusion;
  const k = classes.length;
  const size = sizeOf(k);
  const font = Math.min(12, size);
  const names = classes.map((name) => label(name, k > 30 ? 14 : 18));
  const longest = Math.max(...names.map(widthOf)) * font * 0.6;
  const upright = longest < size - 6;
  const steep = k > LIMITS.numbered;
  const [left, top] = [longest + 34, upright ? 44 : longest * (steep ? 1 : 0.8) + 36];
  const right = upright || steep ? 12 : longest * 0.6 + 4;
  const indices = classes.map((_, i) => i);
  // Lead the eye from a name to a cell.
  const guides = indices.filter((i) => i % 5 === 0);
  const tick = { tickSize: 0, tickPadding: 5, tickFormat: (i: number) => names[i], fontSize: font, label: null };
  const right_ = sum(indices.map((i) => confusion.counts[i][i]));
  const all = sum(cells.map(({ count }) => count));
  const guide = { stroke: 'var(--line)', strokeOpacity: 1, strokeWidth: 0.75 };
  const titles = { fill: 'var(--soft)', fontStyle: 'italic' } as const;
  return draw({
    id: 'confusion-chart',
    name: 'Confusion matrix',
    says: `${counted(k, 'class', 'classes')}, a row for each class and a column for what it is taken for; ${countText(right_)} of ${countText(all)} rows lie on the diagonal, where both are the same.`,
    width: left + size * k + right,
    height: top + size * k + 8,
    marginLeft: left,
    marginTop: top,
    marginRight: right,
    marginBottom: 8,
    grid: false,
    x: { type: 'band', domain: indices, padding: k > 30 ? 0 : 0.04, round: false },
    y: { type: 'band', domain: indices, padding: k > 30 ? 0 : 0.04, round: false },
    color: { type: 'identity' },
    marks: [
      axisX({
        ...tick,
        anchor: 'top',
        ...(!upright && { tickRotate: steep ? -90 : -50, textAnchor: 'start', dx: steep ? 0 : 4 }),
      }),
      axisY({ ...tick, anchor: 'left' }),
      text(['taken for'], { ...titles, frameAnchor: 'top-left', dy: -top + 8, textAnchor: 'start', lineAnchor: 'top' }),
      text(['is'], { ...titles, frameAnchor: 'left', dx: -left + 14, textAnchor: 'start' }),
      cell(
        indices.map((i) => i),
        {
          x: (i: number) => i,
          y: (i: number) => i,
          fill: 'none',
          stroke: 'var(--edge)',
          strokeWidth: k > 30 ? 0.4 : 1,
        },
      ),
      ...(steep ? [gridX(guides, guide), gridY(guides, guide), frame({ stroke: 'var(--line)' })] : []),
      cell(
        cells.filter(({ share }) => share > 0),
        { x: 'predicted', y: 'actual', fill: (d: Cell) => `var(--h${heatOf(d.share)})`, render: heat },
      ),
      ...(k > LIMITS.numbered
        ? []
        : [
            text(cells, {
              x: 'predicted',
              y: 'actual',
              text: (d: Cell) => countText(d.count),
              fill: (d: Cell) => (d.count > 0 ? `var(--t${heatOf(d.share)})` : 'var(--soft)'),
              fontSize: size > 60 ? 17 : 12,
              fontWeight: (d: Cell) => (d.actual === d.predicted ? '600' : '400'),
            } as object),
          ]),
    ],
  });
}

/** What the steps of colour stand for. */
function steps(): Html {
  const from = (i: number) => (i === 0 ? 0 : HEAT_UP_TO[i - 1] * 100);
  return html`<ul class="legend steps">${HEAT_UP_TO.map(
    (most, i) => html`<li><span class="h${i}">${from(i)}–${most * 100}</span></li>`,
  )}<li>% of a class’s rows</li></ul>`;
}

function mistakes({ classes, counts }: Confusion): Html {
  const wrong = cellsOf({ counts }).filter(({ actual, predicted, count }) => actual !== predicted && count > 0);
  if (wrong.length === 0) return paragraph('No row was taken for another class.');
  const shown = wrong
    .sort((a, b) => b.count - a.count || b.share - a.share)
    .slice(0, classes.length <= 6 ? 6 : LIMITS.mistakes);
  const more = wrong.length - shown.length;
  return table({
    id: 'mistakes',
    caption:
      more > 0
        ? `The ${countText(shown.length)} most frequent mistakes; ${countText(more)} kinds more are rarer`
        : 'Mistakes, the most frequent first',
    heads: [
      { text: 'is' },
      { text: 'taken for' },
      { text: 'rows', right: true },
      { text: 'of its class', right: true },
    ],
    rows: shown.map(({ actual, predicted, count, share }) => [
      data(classes[actual], 32),
      data(classes[predicted], 32),
      countText(count),
      percentText(share),
    ]),
  });
}

export function confusion({ evaluation }: Run): Html | undefined {
  const whole = evaluation.confusion;
  if (!whole) return undefined;
  const title = 'Confusion matrix.';
  const shown = bounded(whole);
  const cells = cellsOf(shown);
  if (!cells.some(({ count }) => count > 0)) return instead(title, 'There were no rows to judge.');
  const left = shown.left > 0 ? ` The ${countText(shown.left)} rarest classes are one row and one column.` : '';
  const numbers =
    shown.classes.length > LIMITS.numbered ? ' The table below has the mistakes in numbers.' : ' Numbers are rows.';
  const chart = drawing(shown, cells);
  const wide = shown.classes.length > 6;
  const map = figure({
    id: 'confusion',
    title,
    note: `A row for each class, a column for what it is taken for; the diagonal is right.${numbers}${left}`,
    chart,
    more: steps(),
    wide,
  });
  return wide ? html`${map}${mistakes(whole)}` : beside(map, mistakes(whole));
}
