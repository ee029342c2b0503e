// What the model is worth: metrics, and where it is wrong.

import type { Run } from '../../tables/index.js';
import { type Html, html } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { countText, numberText, percentText } from '../numbers.js';
import { beside, paragraph, type Section, table } from '../parts.js';
import { isHeldOut, metricOf, rowsText } from '../words.js';
import { calibration } from './calibration.js';
import { classTable } from './classes.js';
import { confusion } from './confusion.js';
import { residuals } from './residuals.js';
import { roc } from './roc.js';

/** What needs no model: the class that is most frequent in training, or the mean. */
function simplest({ notes, evaluation }: Run): Html | undefined {
  const { counts, std } = notes.schema.target;
  const rows = evaluation.confusion?.counts;
  if (rows && counts && counts.length > 0 && evaluation.rows > 0) {
    const frequent = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
    const right = (rows[frequent] ?? []).reduce((sum, each) => sum + each, 0);
    return html`For comparison: who always says the most frequent class is right for ${percentText(right / evaluation.rows)} of these rows.`;
  }
  if (evaluation.residuals && std !== undefined && Number.isFinite(std)) {
    return html`For comparison: who always says the mean has a root mean squared error of about ${numberText(std)}.`;
  }
  return undefined;
}

export function results(run: Run): Section {
  const { metrics } = run.evaluation;
  const { shown, left } = some(Object.entries(metrics), LIMITS.entries);
  const rows = shown.map(([key, number]) => {
    const { name, value, says } = metricOf(key, number);
    return [name, html`<b>${value}</b>`, says];
  });
  const numbers = table({
    id: 'metrics',
    caption: `Metrics, on ${rowsText(run)}${left > 0 ? ` (${countText(left)} more are not shown)` : ''}`,
    heads: [{ text: 'metric' }, { text: 'value', right: true }, { text: 'what it says' }],
    rows,
  });
  const seen = isHeldOut(run)
    ? 'rows that the network did not learn from'
    : 'the very rows that the network learnt from';
  const intro = paragraph(`All figures here are of ${rowsText(run)}: ${seen}. `, simplest(run));
  const first = rows.length > 0 ? numbers : paragraph('There are no metrics.');
  return {
    id: 'results',
    title: 'Results',
    body: html`${intro}${first}${confusion(run)}${classTable(run)}${beside(roc(run), calibration(run))}${residuals(run)}`,
  };
}
