// The network: its layers, and how their weights are spread.

import { rectY, ruleX, ruleY } from '@observablehq/plot';
import type { Histogram, Run } from '../../tables/index.js';
import { draw } from '../chart.js';
import { data, type Html, html } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { counted, countText, numberText, placed } from '../numbers.js';
import { figure, instead, type Section, table } from '../parts.js';
import { cut } from '../text.js';

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** None, if a number of them cannot be placed. */
function binsOf({ edges, counts }: Histogram): Bin[] {
  const bins = counts.slice(0, LIMITS.bins).flatMap((each, i): Bin[] => {
    const [from, to, count] = [edges[i], edges[i + 1], each].map(placed);
    return from === undefined || to === undefined || count === undefined ? [] : [{ from, to, count }];
  });
  return bins.length === Math.min(counts.length, LIMITS.bins) ? bins : [];
}

const isDrawn = (histogram: Histogram) => binsOf(histogram).some(({ count, from, to }) => count > 0 && to > from);

function single(histogram: Histogram, id: number): Html {
  const bins = binsOf(histogram);
  const [low, high] = [bins[0].from, bins[bins.length - 1].to];
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  const chart = draw({
    id: `weights-chart-${id}`,
    name: `Weights of ${cut(histogram.layer, LIMITS.label)}`,
    says: `${countText(all)} weights from ${numberText(low)} to ${numberText(high)}.`,
    width: 220,
    height: 150,
    marginLeft: 42,
    marginTop: 12,
    marginBottom: 24,
    x: { label: null, ticks: 3, tickFormat: (d: number) => numberText(d, 3) },
    y: {
      label: null,
      ticks: 3,
      tickFormat: (d: number) => (d >= 10_000 ? `${numberText(d / 1000, 2)}k` : countText(d)),
    },
    marks: [
      rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: 'var(--s3)', inset: 0.3 }),
      ...(low < 0 && high > 0 ? [ruleX([0], { stroke: 'var(--edge)', strokeDasharray: '2 3' })] : []),
      ruleY([0]),
    ],
  });
  return html`<div><p>${data(histogram.layer, LIMITS.label)}<br><span class="soft">${countText(all)} weights</span></p>${chart}</div>`;
}

function weights({ weights: all }: Run): Html {
  const title = 'Weights by layer.';
  const { shown, left } = some(all, LIMITS.histograms);
  const drawn = shown.filter(isDrawn);
  if (drawn.length === 0)
    return instead(title, all.length === 0 ? 'There are none.' : 'There is no range of finite numbers to draw.');
  const not = shown.length - drawn.length;
  const said = [
    left > 0 ? ` ${counted(left, 'further layer')} ${left === 1 ? 'is' : 'are'} not drawn.` : '',
    not > 0 ? ` ${counted(not, 'layer')} without finite weights ${not === 1 ? 'is' : 'are'} not drawn.` : '',
  ];
  return figure({
    id: 'weights',
    title,
    note: `How many weights, by their value; the dotted line is 0.${said.join('')}`,
    chart: html`<div class="many">${drawn.map(single)}</div>`,
  });
}

export function network(run: Run): Section {
  const { inputs, layers, parameters, dtype } = run.notes.network;
  const sizes = [inputs, ...layers.map(({ units }) => units)];
  const { shown, left } = some(layers, LIMITS.layers);
  const rows = shown.map(({ units, activation }, i) => [
    i === layers.length - 1 ? 'output' : `layer ${i + 1}`,
    countText(sizes[i]),
    countText(units),
    data(activation),
    countText(sizes[i] * units + units),
  ]);
  const heads = [
    { text: 'layer' },
    { text: 'inputs', right: true },
    { text: 'units', right: true },
    { text: 'activation' },
    { text: 'parameters', right: true },
  ];
  const caption = `${counted(layers.length, 'layer')}, ${counted(parameters, 'parameter')} in ${cut(dtype, LIMITS.label)}${left > 0 ? `; ${countText(left)} more layers are not shown` : ''}`;
  return {
    id: 'network',
    title: 'Network',
    body: html`${table({ id: 'layers', caption, heads, rows })}${weights(run)}`,
  };
}
