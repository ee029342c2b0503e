// A network as a table.

import { own } from '../checks/read-options.js';
import type { Plan } from './plan.js';

const HEAD = ['layer', 'shape', 'activation', 'parameters', 'bytes', 'multiply-adds/row'];

const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

export function summary({ layers, dtype, size, loss, reduction }: Plan): string {
  const bytes = dtype === 'f64' ? 8 : 4;
  const counts = (parameters: number, products: number) => [parameters, parameters * bytes, products].map(grouped);
  const rows = layers.map(({ inputs, outputs, activation, parameters, products, options }, i) => [
    String(i),
    `${inputs} x ${outputs}`,
    own(options, 'kind') ?? activation,
    ...counts(
      parameters.reduce((sum, { size }) => sum + size, 0),
      products,
    ),
  ]);
  const products = layers.reduce((sum, layer) => sum + layer.products, 0);
  const total = ['total', '', '', ...counts(size, products)];
  const table = [HEAD, ...rows, total];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return [...table.map(line), `${loss.name}, ${reduction}, ${dtype}`].join('\n');
}
