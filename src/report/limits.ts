// How much of a run is drawn: a report stays below 1 MB, whatever the data. What is left out is said beside it.

export const LIMITS = {
  /** Characters of a name or a value in a table; of one in a chart, in columns of a terminal. */
  text: 60,
  label: 22,
  /** Of the command, which is of use only if it is whole. */
  command: 20_000,
  /** Points of a curve, and dots of a cloud. */
  points: 600,
  dots: 2000,
  /** Classes of the heat map, of those with numbers in their cells, and rows of the table of classes. */
  classes: 100,
  numbered: 12,
  classRows: 100,
  mistakes: 15,
  roc: 10,
  layers: 24,
  histograms: 12,
  bins: 80,
  saliency: 30,
  columns: 120,
  categories: 6,
  dropped: 40,
  files: 20,
  /** Of records without a known number of entries: metrics, timings. */
  entries: 40,
} as const;

/** What is shown of a list, and how much is not. */
export function some<T>(list: readonly T[], most: number): { shown: readonly T[]; left: number } {
  return { shown: list.slice(0, most), left: Math.max(0, list.length - most) };
}

/** Every so many-th, the first and the last always. */
export function evenly(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}
