// The declarations of an exported module.

import type { ModelPlan } from '../plan.js';
import { literal } from './literals.js';

const union = (values: readonly unknown[], other: string): string =>
  // Of hundreds nobody reads the list, and a compiler is slow with it.
  values.length > 0 && values.length <= 100 ? values.map(literal).join(' | ') : other;

const GAP = 'null | undefined';

function cellType({ kinds }: ModelPlan, j: number): string {
  const kind = kinds[j];
  if (!kind) return 'unknown';
  const plain = kind.kind === 'number' ? 'number | boolean' : kind.kind;
  return kind.gaps ? `${plain} | ${GAP}` : plain;
}

/** A comment's text. */
const remark = (plan: ModelPlan, j: number): string => {
  const categories = plan.kinds[j]?.categories?.filter((category) => category !== null);
  if (!categories?.length) return '';
  const some = categories.slice(0, 8).map((each) => JSON.stringify(each));
  const text = `${some.join(', ')}${categories.length > 8 ? ', ...' : ''}`.replaceAll('*/', '* /');
  return `  /** ${text} */\n`;
};

function rowType(plan: ModelPlan): string {
  const members = plan.columns.map(
    (name, j) =>
      `${remark(plan, j)}  readonly ${JSON.stringify(name)}${plan.kinds[j] ? '' : '?'}: ${cellType(plan, j)};`,
  );
  return `export interface Row {\n${members.join('\n')}\n}`;
}

export function typesOf(plan: ModelPlan): string {
  const { head, network, columns } = plan;
  const rows = 'rows: readonly (Row | readonly unknown[])[]';
  const target = plan.target === undefined ? '' : ` of ${JSON.stringify(plan.target)}`.replaceAll('*/', '* /');
  const lines = [
    rowType(plan),
    `/** Names of the columns, in their order: a row is an object with these members, or an array of its cells. */`,
    `export declare const columns: readonly ${columns.length > 100 ? 'string[]' : literal(columns)};`,
  ];
  if (head.kind === 'regression') {
    const shape = head.vector ? 'number[]' : 'number[][]';
    const what = head.vector ? 'A number' : `${network.outputs} numbers`;
    lines.push(`/** ${what}${target} for each row. @throws {Error} naming the cell that is wrong */`);
    lines.push(`export declare function predict(${rows}): ${shape};`);
    return `${lines.join('\n')}\n`;
  }
  const several = head.kind === 'multilabel';
  lines.push(
    '/** In the order of the probabilities. */',
    `export declare const classes: readonly ${head.classes.length > 100 ? 'unknown[]' : literal(head.classes)};`,
    `/** The class${target} of each row${several ? ': 0 or 1 for each' : ', the most probable one'}. @throws {Error} naming the cell that is wrong */`,
    `export declare function predict(${rows}): ${several ? '(0 | 1)[][]' : `(${union(head.classes, typeof head.classes[0])})[]`};`,
    `/** The probability of each class, a row for each. @throws {Error} naming the cell that is wrong */`,
    `export declare function predictProba(${rows}): number[][];`,
  );
  return `${lines.join('\n')}\n`;
}
