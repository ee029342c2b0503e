// How the training went: curves by epoch.

import { dot, lineY, ruleX, text } from '@observablehq/plot';
import type { Run } from '../../tables/index.js';
import { draw } from '../chart.js';
import { curveOf, epochOf, type Point } from '../curve.js';
import { data, type Html, html } from '../html.js';
import { evenly } from '../limits.js';
import { counted, countText, numberText, secondsText } from '../numbers.js';
import { beside, details, figure, instead, legend, pairs, paragraph, type Section, table } from '../parts.js';
import { lossName, reasonText } from '../words.js';

/** A curve that falls by more is drawn on a logarithmic scale. */
const FALL = 50;
const DASH = '6 4';
/** Epochs in the table of numbers. */
const LISTED = 12;

type Notes = Run['notes'];

function numbers({ history }: Notes): Html {
  const { loss, validationLoss, learningRate } = history;
  const has = Boolean(validationLoss?.length);
  const rows = evenly(loss.length, LISTED).map((i) => [
    countText(epochOf(history, i, loss.length)),
    numberText(loss[i]),
    ...(has ? [numberText(validationLoss?.[i] ?? NaN)] : []),
    numberText(learningRate[i] ?? NaN),
  ]);
  const heads = ['epoch', 'loss', ...(has ? ['held out'] : []), 'learning rate'].map((text) => ({ text, right: true }));
  return details('The curves in numbers', table({ id: 'curve-numbers', caption: 'Loss by epoch', heads, rows }));
}

function lossFigure({ history, network }: Notes): Html {
  const title = 'Loss by epoch.';
  const seen = curveOf(history.loss, history);
  const held = curveOf(history.validationLoss ?? [], history);
  const all = [...seen.points, ...held.points];
  if (seen.points.length < 2 && held.points.length < 2) {
    const said = all.map(
      ({ epoch, value }, i) =>
        `${i >= seen.points.length ? 'of held-out rows' : 'loss'} ${numberText(value)} after epoch ${countText(epoch)}`,
    );
    const why =
      history.loss.length === 0
        ? 'Nothing was recorded.'
        : all.length === 0
          ? 'No epoch had a finite loss.'
          : `There is no curve of a single epoch: ${said.join(', ')}.`;
    return instead(title, why);
  }
  const values = all.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const logarithmic = least > 0 && most / least > FALL;
  const curve = (points: readonly Point[], colour: string, dash?: string) =>
    points.length === 1
      ? dot(points, { x: 'epoch', y: 'value', fill: `var(--${colour})`, r: 3.5 })
      : lineY(points, { x: 'epoch', y: 'value', stroke: `var(--${colour})`, strokeWidth: 2, strokeDasharray: dash });
  const { bestEpoch } = history;
  const best = bestEpoch === undefined ? [] : [bestEpoch];
  const late = (bestEpoch ?? 0) > history.epochs / 2;
  const last = (points: readonly Point[]) => numberText(points[points.length - 1]?.value ?? NaN);
  const heldSays = held.points.length > 0 ? `; that of held-out rows to ${last(held.points)}` : '';
  const chart = draw({
    id: 'loss-chart',
    name: 'Loss by epoch',
    says: `The loss goes from ${numberText(seen.points[0]?.value ?? NaN)} to ${last(seen.points)} in ${counted(history.epochs, 'epoch')}${heldSays}.`,
    x: {
      label: 'epoch',
      ...(history.epochs < 8 && { ticks: history.epochs }),
      tickFormat: (d: number) => countText(d),
    },
    y: {
      label: `loss${logarithmic ? ', logarithmic' : ''}`,
      ...(logarithmic && { type: 'log' }),
      nice: true,
      tickFormat: (d: number) => numberText(d),
      ticks: 5,
    },
    marginLeft: 64,
    marks: [
      ruleX(best, { stroke: 'var(--edge)', strokeDasharray: '2 3' }),
      text(best, {
        x: (d) => d,
        frameAnchor: 'top',
        dx: late ? -6 : 6,
        textAnchor: late ? 'end' : 'start',
        text: (d) => `best: ${countText(d)}`,
        fill: 'var(--soft)',
      }),
      curve(seen.points, 's1'),
      curve(held.points, 's2', DASH),
    ],
  });
  const lines = [
    { colour: 's1', text: 'rows of the training' },
    ...(held.points.length > 0 ? [{ colour: 's2', dash: DASH, text: 'rows held out' }] : []),
  ];
  const note = html`${lossName(network.loss)}, mean over rows${logarithmic && ', on a logarithmic scale'}.`;
  return figure({ id: 'loss', title, note, chart, more: [legend(lines), numbers({ history } as Notes)] });
}

function rateFigure({ history }: Notes): Html | undefined {
  const { points } = curveOf(history.learningRate, history);
  if (points.length < 2 || points.every(({ value }) => value === points[0].value)) return undefined;
  const chart = draw({
    id: 'rate-chart',
    name: 'Learning rate by epoch',
    says: `It goes from ${numberText(points[0].value)} to ${numberText(points[points.length - 1].value)}.`,
    x: { label: 'epoch' },
    y: { label: 'learning rate', zero: true, tickFormat: (d: number) => numberText(d) },
    marginLeft: 64,
    marks: [lineY(points, { x: 'epoch', y: 'value', stroke: 'var(--s3)', strokeWidth: 2 })],
  });
  return figure({ id: 'rate', title: 'Learning rate by epoch.', note: 'How long the steps are.', chart });
}

export function training({ notes, ran, seconds }: Run): Section {
  const { history, network, data: from } = notes;
  const { learningRate, bestEpoch } = history;
  const kept = bestEpoch === undefined ? '' : ` What was kept is that of epoch ${countText(bestEpoch)}, the best one.`;
  const rates = rateFigure(notes);
  const facts = pairs([
    ['optimizer', data(network.optimizer)],
    ...(rates || learningRate.length === 0 ? [] : [['learning rate', numberText(learningRate[0])] as const]),
    ['batch', counted(network.batchSize, 'row')],
    ['loss', lossName(network.loss)],
    ['seed', String(network.seed)],
    ['rows learnt from', countText(from.trainRows)],
    ['rows held out', from.validationRows === 0 ? 'none' : countText(from.validationRows)],
    ['took', secondsText(seconds.train)],
    ['ran on', html`${data(ran.backend)}, ${counted(ran.threads, 'thread')}`],
  ]);
  const body = html`${paragraph(`It ended after ${counted(history.epochs, 'epoch')}: ${reasonText(history.stopReason)}.${kept}`)}
${beside(lossFigure(notes), rates ?? facts)}${rates && facts}`;
  return { id: 'training', title: 'Training', body };
}
