// What a reader must know before the figures: said at the top, in the page and in the summary.

import type { Run } from '../tables/index.js';
import { curveOf } from './curve.js';
import { counted, countText } from './numbers.js';
import { cut, listed } from './text.js';
import { isHeldOut } from './words.js';

/** Fewer rows say little of others: one more mistake is 2 % and more. */
const FEW = 50;
const NAMED = 5;

/** @returns sentences, as plain text */
export function cautionsOf(run: Run): string[] {
  const { notes, evaluation } = run;
  const { data, history } = notes;
  const said: string[] = [];
  if (!isHeldOut(run)) {
    said.push(
      'No rows were held out: the figures are of rows that the network learnt from, and say little of new ones.',
    );
  } else if (evaluation.rows < FEW) {
    said.push(
      `Only ${counted(evaluation.rows, 'row was', 'rows were')} held out: other rows may give quite other figures.`,
    );
  }
  const broken = [history.loss, history.validationLoss ?? []].map((curve) => curveOf(curve, history).broken);
  const first = Math.min(...broken.map((epoch) => epoch ?? Infinity));
  if (first < Infinity) {
    said.push(
      `The loss was not a finite number in epoch ${countText(first)}: the training went out of hand, and a smaller learning rate may help.`,
    );
  }
  const absent = (evaluation.classes ?? []).filter(({ support }) => support === 0).map(({ label }) => cut(label, 40));
  if (absent.length > 0) {
    const names =
      absent.length > NAMED ? [...absent.slice(0, NAMED), `${countText(absent.length - NAMED)} more`] : absent;
    const of = absent.length === 1 ? `Class ${names[0]} has` : `Classes ${listed(names)} have`;
    said.push(
      `${of} no rows among those that were judged: nothing can be said of how well ${absent.length === 1 ? 'it is' : 'they are'} found.`,
    );
  }
  if (data.skippedRows > 0)
    said.push(
      `${counted(data.skippedRows, 'row')} of the file could not be read and ${data.skippedRows === 1 ? 'was' : 'were'} left out.`,
    );
  if (data.droppedRows > 0)
    said.push(`${counted(data.droppedRows, 'row')} with gaps ${data.droppedRows === 1 ? 'was' : 'were'} left out.`);
  return said;
}
