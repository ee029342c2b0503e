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

/**
 * A curve: its values at the left, then the line, `width` columns and `height` lines at most.
 *
 * @returns '' if fewer than two values are finite
 */
export function plot(curve: readonly number[], width: number, height: number): string {
  const values = curve.filter(Number.isFinite);
  if (values.length < 2 || height < 2) return '';
  const [min, max] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const places = Array.from({ length: height }, (_, i) => max - (i * (max - min)) / (height - 1));
  const most = Math.max(...places.map((value) => numberText(value).length));
  const room = width - most - 2;
  if (room < 2) return '';
  // Scaled to lines, for what is too large or too small for its arithmetic.
  const scale = max > min ? (height - 1) / (max - min) : 1;
  const scaled = resample(values, room).map((x) => (Number.isFinite(scale) ? (x - min) * scale : 0));
  const format = (line: number) => numberText(max > min ? min + line / scale : min).padStart(most);
  const text = chart(scaled, { min: 0, max: max > min ? height - 1 : 0, height: height - 1, offset: 2, format });
  return text
    .split('\n')
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
