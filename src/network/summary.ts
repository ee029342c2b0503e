// A network as a table.

import type { Plan } from './options.js';

const HEAD = ['layer', 'shape', 'activation', 'parameters', 'bytes', 'multiply-adds/row'];

const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

export function summary({ layers, dtype, size, lossName, reduction }: Plan): string {
  const bytes = dtype === 'f64' ? 8 : 4;
  const rows = layers.map(({ inputs, units, name, biasesAt }, i) => {
    const products = inputs * units;
    const parameters = products + (biasesAt < 0 ? 0 : units);
    return [
      String(i),
      `${inputs} x ${units}`,
      name,
      grouped(parameters),
      grouped(parameters * bytes),
      grouped(products),
    ];
  });
  const products = layers.reduce((sum, { inputs, units }) => sum + inputs * units, 0);
  const total = ['total', '', '', grouped(size), grouped(size * bytes), grouped(products)];
  const table = [HEAD, ...rows, total];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  const lines = table.map(line);
  const rule = '-'.repeat(Math.max(...lines.map(({ length }) => length)));
  return [
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines[lines.length - 1],
    `${lossName}, ${reduction}, ${dtype}`,
  ].join('\n');
}
