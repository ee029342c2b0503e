// How well each class is found.

import type { Evaluation, Run } from '../../tables/index.js';
import { data, type Html, html, type Part } from '../html.js';
import { LIMITS, some } from '../limits.js';
import { countText, percentText } from '../numbers.js';
import { details, paragraph, table } from '../parts.js';

type ClassOf = NonNullable<Evaluation['classes']>[number];

/** Of more classes those come first that are found worst. */
const FEW = 12;
const WORST = 8;

function row({ label, precision, recall, f1, support }: ClassOf): Part[] {
  const share = (x: number) => (support === 0 ? 'no rows' : percentText(x));
  return [data(label), percentText(precision), share(recall), share(f1), countText(support)];
}

function tableOf(id: string, caption: string, classes: readonly ClassOf[]): Html {
  const heads = [{ text: 'class' }, ...['precision', 'recall', 'F1', 'rows'].map((text) => ({ text, right: true }))];
  return table({ id, caption, heads, rows: classes.map(row), wide: true });
}

export function classTable({ evaluation }: Run): Html | undefined {
  const { classes } = evaluation;
  if (!classes || classes.length === 0) return undefined;
  const what = paragraph(
    html`<b>Precision</b>: of the rows taken for a class, those that are of it. <b>Recall</b>: of a class’s rows, those that are found.`,
  );
  if (classes.length <= FEW) return html`${tableOf('classes', 'Each class', classes)}${what}`;
  const judged = classes.filter(({ support }) => support > 0);
  const worst = [...judged].sort((a, b) => a.f1 - b.f1).slice(0, WORST);
  const { shown, left } = some(
    [...classes].sort((a, b) => b.support - a.support),
    LIMITS.classRows,
  );
  const all =
    left > 0
      ? `The ${countText(shown.length)} most frequent of ${countText(classes.length)} classes`
      : `All ${countText(classes.length)} classes`;
  return html`${worst.length > 0 && tableOf('classes', 'The classes that it finds worst', worst)}${what}${details(all, tableOf('all-classes', all, shown))}`;
}
