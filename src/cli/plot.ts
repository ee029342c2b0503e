// Curves as text.

import { plot as chart } from 'asciichart';

/** Over `count` places: means where there are more values than places, straight lines where there are fewer. */
function resample(values: readonly number[], count: number): number[] {
  const { length } = values;
  return Array.from({ length: count }, (_, i) => {
    if (length > count) {
      const part = values.slice(Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count));
      return part.reduce((sum, x) => sum + x, 0) / part.length;
    }
    const at = count === 1 ? 0 : (i * (length - 1)) / (count - 1);
    const [left, right] = [Math.floor(at), Math.ceil(at)];
    return values[left] + (at - left) * (values[right] - values[left]);
  });
}

/** Four digits, whatever the size. */
export const numberText = (x: number): string => {
  const size = Math.abs(x);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? x.toExponential(1) : String(Number(x.toPrecision(4)));
};

/** Columns of the longest label: -0.01234, -1.2e+308. */
const LABEL = 9;

/**
 * A curve: its values at the left, then the line, `width` columns and `height` lines at most.
 *
 * @returns '' if fewer than two values are finite
 */
export function plot(curve: readonly number[], width: number, height: number): string {
  const finite = curve.filter(Number.isFinite);
  if (finite.length < 2 || height < 2) return '';
  // Of the size of 1, for sums and differences of the largest are no numbers.
  const unit = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const values = finite.map((x) => x / unit);
  // Before it is known how long labels are: they are of what is drawn.
  const points = resample(values, Math.max(2, width - LABEL - 2));
  const [min, max] = [points.reduce((a, b) => Math.min(a, b)), points.reduce((a, b) => Math.max(a, b))];
  const lines = max > min ? height - 1 : 0;
  const label = (line: number) => numberText((lines > 0 ? min + (line / lines) * (max - min) : min) * unit);
  const labels = Array.from({ length: lines + 1 }, (_, line) => label(line).length);
  // asciichart writes its axis over labels of one character.
  const most = Math.max(2, ...labels);
  if (width < most + 4) return '';
  const scaled = points.map((x) => (lines > 0 ? ((x - min) / (max - min)) * lines : 0));
  const format = (line: number) => label(line).padStart(most);
  const text = chart(scaled, { min: 0, max: lines, height: lines, offset: 2, format });
  return text
    .split('\n', lines + 1)
    .map((line) => line.trimEnd())
    .join('\n');
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** A curve in one line. */
export function spark(curve: readonly number[], width: number): string {
  const values = curve.filter(Number.isFinite);
  if (values.length === 0 || width < 1) return '';
  const drawn = values.length > width ? resample(values, width) : values;
  const [min, max] = [drawn.reduce((a, b) => Math.min(a, b)), drawn.reduce((a, b) => Math.max(a, b))];
  return drawn.map((x) => BLOCKS[max > min ? Math.round(((x - min) / (max - min)) * (BLOCKS.length - 1)) : 0]).join('');
}

/** A bar of `value` where `most` is `width` columns. */
export const barText = (value: number, most: number, width: number): string =>
  '█'.repeat(most > 0 ? Math.max(0, Math.round((value / most) * width)) : 0);
