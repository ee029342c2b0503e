// How many of a class are found at the price of how many false alarms.

import { lineY, link } from '@observablehq/plot';
import type { Roc, Run } from '../../tables/index.js';
import { draw } from '../chart.js';
import { data, type Html, html } from '../html.js';
import { evenly, LIMITS, some } from '../limits.js';
import { countText, isShare, numberText, percentText } from '../numbers.js';
import { figure, instead, legend } from '../parts.js';
import { cut } from '../text.js';

/** As many have dashes that tell them apart; of more each gets a chart of its own. */
const DASHES = [undefined, '7 4', '2 3', '9 3 2 3'] as const;

type Point = readonly [falsePositiveRate: number, truePositiveRate: number];

function pointsOf({ falsePositiveRate: x, truePositiveRate: y }: Roc): Point[] {
  return evenly(Math.min(x.length, y.length), LIMITS.points)
    .map((i): Point => [x[i], y[i]])
    .filter((point) => point.every(isShare));
}

const guessing = () => link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--edge)', strokeDasharray: '2 3' });

const curve = (roc: Roc, i: number, width: number) =>
  lineY(pointsOf(roc), { x: '0', y: '1', stroke: `var(--s${i + 1})`, strokeWidth: width, strokeDasharray: DASHES[i] });

const share = (label: string) => ({
  label,
  domain: [0, 1],
  ticks: 5,
  tickFormat: (d: number) => percentText(d),
});

function together(curves: readonly Roc[]): Html {
  const areas = curves.map(({ label, auc }) => `${cut(label, LIMITS.label)} ${numberText(auc)}`).join(', ');
  return draw({
    id: 'roc-chart',
    name: 'ROC curves',
    says: `Area under the curve, where 0.5 is guessing and 1 the best: ${areas}.`,
    height: 340,
    x: share('false alarms'),
    y: share('found'),
    marks: [guessing(), ...curves.map((roc, i) => curve(roc, i, 2))],
  });
}

function single(roc: Roc, id: number): Html {
  const chart = draw({
    id: `roc-chart-${id}`,
    name: `ROC curve of class ${cut(roc.label, LIMITS.label)}`,
    says: `The area under it is ${numberText(roc.auc)}.`,
    width: 220,
    height: 170,
    marginLeft: 44,
    marginRight: 24,
    x: { ...share('false alarms'), ticks: 2 },
    y: { ...share('found'), ticks: 2 },
    marks: [guessing(), curve(roc, 0, 1.8)],
  });
  return html`<div><p>${data(roc.label, LIMITS.label)}<br><span class="soft">area ${numberText(roc.auc)}</span></p>${chart}</div>`;
}

export function roc({ evaluation, notes }: Run): Html | undefined {
  if (notes.schema.task !== 'classify') return undefined;
  const title = 'ROC.';
  const { shown: curves, left } = some(
    (evaluation.roc ?? []).filter((each) => pointsOf(each).length > 1),
    LIMITS.roc,
  );
  if (curves.length === 0) return instead(title, 'There is no curve: it takes rows of a class, and rows of another.');
  const classes = evaluation.confusion?.classes.length ?? 0;
  const others = Math.max(left, classes > 2 ? classes - curves.length : 0);
  const which =
    others > 0
      ? ` ${countText(others)} more ${others === 1 ? 'class is' : 'classes are'} not drawn: rarer, or without rows.`
      : '';
  const note = `The part of a class that is found, by the part of the other rows taken for it; the dotted line is guessing.${which}`;
  if (curves.length > DASHES.length) {
    return figure({ id: 'roc', title, note, chart: html`<div class="many">${curves.map(single)}</div>` });
  }
  const lines = curves.map(({ label, auc }, i) => ({
    colour: `s${i + 1}`,
    dash: DASHES[i],
    text: html`${data(label, LIMITS.label)}, area ${numberText(auc)}`,
  }));
  return figure({ id: 'roc', title, note, chart: together(curves), more: legend(lines) });
}
