// How figures are shown.

const UNITS: [unit: string, perMs: number][] = [
  ['s', 1e-3],
  ['ms', 1],
  ['µs', 1e3],
  ['ns', 1e6],
];

/** Three digits in the unit that fits. */
export function showTime(ms: number): string {
  const [unit, factor] = UNITS.find(([, perMs]) => ms * perMs >= 1) ?? UNITS[3];
  const value = ms * factor;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}
