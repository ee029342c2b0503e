// What the network goes by.

import { axisY, barX, ruleX, text } from '@observablehq/plot';
import type { Run } from '../../tables/index.js';
import { draw, WIDTH } from '../chart.js';
import { data, type Html, html } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { counted, countText, numberText } from '../numbers.js';
import { details, figure, instead, type Section, table } from '../parts.js';
import { label, widthOf } from '../text.js';

const LABEL = 7;
const BAR = 22;

interface Bar {
  readonly column: string;
  readonly value: number;
}

const nameOf = (column: string, isSparse: boolean) => (isSparse ? `column ${column}` : column);

function drawing(bars: readonly Bar[], isSparse: boolean): Html {
  const names = bars.map(({ column }) => label(nameOf(column, isSparse), LIMITS.label));
  const indices = bars.map((_, i) => i);
  // Of the greatest, which may be too small or too large for a scale.
  const share = ({ value }: Bar) => value / bars[0].value;
  const left = Math.max(...names.map(widthOf)) * LABEL + 12;
  return draw({
    id: 'saliency-chart',
    name: 'Input saliency',
    says: `The greatest are ${bars
      .slice(0, 3)
      .map(({ value }, i) => `${names[i]} with ${numberText(value)}`)
      .join(', ')}.`,
    width: WIDTH + 40,
    height: bars.length * BAR + 20,
    marginLeft: left,
    marginRight: 62,
    marginTop: 6,
    marginBottom: 14,
    grid: false,
    x: { axis: null, domain: [0, 1] },
    y: { type: 'band', domain: indices, padding: 0.3 },
    marks: [
      axisY({ tickSize: 0, label: null, tickFormat: (i: number) => names[i], fontSize: 12 }),
      barX(bars, { x: share, y: (_: Bar, i: number) => i, fill: 'var(--s1)' }),
      text(bars, {
        x: share,
        y: (_: Bar, i: number) => i,
        text: (d: Bar) => numberText(d.value, 3),
        textAnchor: 'start',
        dx: 6,
        fontSize: 12,
      }),
      ruleX([0], { stroke: 'var(--edge)' }),
    ],
  });
}

export function inputs({ saliency, notes }: Run): Section {
  const isSparse = notes.schema.sparseColumns !== undefined;
  const title = 'Input saliency.';
  const known = saliency.filter(({ value }) => Number.isFinite(value)).sort((a, b) => b.value - a.value);
  const { shown, left } = some(known, LIMITS.saliency);
  const section = (body: Html) => ({ id: 'inputs', title: 'What it goes by', body });
  if (shown.length === 0)
    return section(instead(title, saliency.length === 0 ? 'It was not looked at.' : 'No gradient is a finite number.'));
  if (!(shown[0].value > 0)) return section(instead(title, 'The output changes with no input: all gradients are 0.'));
  const not = saliency.length - known.length;
  const rest =
    left > 0 ? ` ${counted(left, 'column')} with smaller values ${left === 1 ? 'is' : 'are'} not shown.` : '';
  const numbers = table({
    id: 'saliency-numbers',
    caption: 'Mean |gradient| by column',
    heads: [{ text: 'column' }, { text: 'mean |gradient|', right: true }],
    rows: shown.map(({ column, value }) => [data(nameOf(column, isSparse)), numberText(value)]),
  });
  return section(
    html`${figure({
      id: 'saliency',
      title,
      note: `How much the output changes with a column, after scaling: the mean of |gradient| over rows. It says what the network uses, not what causes what.${rest}${not > 0 ? ` ${countText(not)} without a finite value are left out.` : ''}`,
      chart: drawing(shown, isSparse),
      more: details('The bars in numbers', numbers),
    })}`,
  );
}
