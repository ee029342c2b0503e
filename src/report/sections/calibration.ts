// Whether it is as often right as it is sure.

import { dot, lineY, link } from '@observablehq/plot';
import type { CalibrationBin, Run } from '../../tables/index.js';
import { draw } from '../chart.js';
import type { Html } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { countText, isShare, percentText } from '../numbers.js';
import { details, figure, instead, table } from '../parts.js';

const axis = (label: string, domain: number[]) => ({
  label,
  domain,
  ticks: 5,
  tickFormat: (d: number) => percentText(d),
});

function numbers(bins: readonly CalibrationBin[]): Html {
  const heads = ['sure', 'right', 'rows'].map((text) => ({ text, right: true }));
  const rows = bins.map(({ confidence, accuracy, count }) => [
    percentText(confidence),
    percentText(accuracy),
    countText(count),
  ]);
  return details(
    'The points in numbers',
    table({ id: 'calibration-numbers', caption: 'How sure, and how often right', heads, rows }),
  );
}

export function calibration({ evaluation, notes }: Run): Html | undefined {
  if (notes.schema.task !== 'classify') return undefined;
  const title = 'Calibration.';
  const there = (evaluation.calibration ?? []).filter(
    ({ confidence, accuracy, count }) => count > 0 && isShare(confidence) && isShare(accuracy),
  );
  const { shown: bins } = some(there, LIMITS.bins);
  if (bins.length === 0) return instead(title, 'There are no probabilities to compare.');
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const off = bins.reduce(
    (sum, { confidence, accuracy, count }) => sum + (count / rows) * Math.abs(accuracy - confidence),
    0,
  );
  const chart = draw({
    id: 'calibration-chart',
    name: 'Calibration',
    says: bins
      .map(
        ({ confidence, accuracy, count }) =>
          `Of ${countText(count)} rows it is ${percentText(confidence)} sure, and right for ${percentText(accuracy)}.`,
      )
      .join(' '),
    height: 340,
    x: axis('sure', [0, 1]),
    y: axis('right', [0, 1]),
    r: { type: 'sqrt', domain: [0, rows], range: [2.5, 16] },
    marks: [
      link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--edge)', strokeDasharray: '2 3' }),
      lineY(bins, { x: 'confidence', y: 'accuracy', stroke: 'var(--s1)', strokeWidth: 1.2, strokeOpacity: 0.6 }),
      dot(bins, {
        x: 'confidence',
        y: 'accuracy',
        r: 'count',
        fill: 'var(--s1)',
        fillOpacity: 0.75,
        stroke: 'var(--card)',
      }),
    ],
  });
  const note = `How often it is right, by how sure it is; larger dots are more rows, the dotted line is the ideal. It is off by ${percentText(off)} on average.`;
  return figure({ id: 'calibration', title, note, chart, more: numbers(bins) });
}
