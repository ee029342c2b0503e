// Numbers as people read them. What is not a number is said in words.

const MINUS = '\u2212';

const inWords = (x: number): string => (Number.isNaN(x) ? 'not defined' : x > 0 ? 'infinite' : `${MINUS}infinite`);

/** Digits that matter, whatever the size: 0.0321, 12.3, 1,235, 1.2e-7. */
export function numberText(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return inWords(x);
  const size = Math.abs(x);
  if (size === 0) return '0';
  if (size >= 1e9 || size < 1e-4) {
    const text = x.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e');
    return text.replaceAll('-', MINUS);
  }
  const rounded = size >= 10 ** digits ? Math.round(x) : Number(x.toPrecision(digits));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 10 }).replace('-', MINUS);
}

/**
 * As charts can place it: their scales overflow long before numbers do, and look for ticks between neighbouring numbers for ever. Undefined of what
 * they cannot.
 */
export function placed(x: number): number | undefined {
  if (!(Math.abs(x) < 1e100)) return undefined;
  return Math.abs(x) < 1e-100 ? 0 : Number(x.toPrecision(12));
}

/** Whether it is a part of something: 0 to 1. */
export const isShare = (x: number): boolean => x >= 0 && x <= 1;

/** 12,345 */
export function countText(n: number): string {
  return Math.abs(n) < 1e15 ? Math.round(n).toLocaleString('en-US').replace('-', MINUS) : numberText(n);
}

/** 1 row, 2 rows. */
export const counted = (n: number, one: string, more = `${one}s`): string => `${countText(n)} ${n === 1 ? one : more}`;

/** @param share 0 to 1 */
export function percentText(share: number): string {
  const percent = share * 100;
  if (!Number.isFinite(percent)) return inWords(percent);
  const digits = percent !== 0 && Math.abs(percent) < 10 ? 2 : Math.abs(percent) > 99 && percent < 100 ? 4 : 3;
  return `${Number(percent.toPrecision(digits))}\u00a0%`;
}

export function bytesText(bytes: number): string {
  if (!(bytes >= 0 && bytes < 1e18)) return 'unknown';
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${Number((bytes / 1000 ** power).toPrecision(power === 0 ? 3 : 3))}\u00a0${units[power]}`;
}

/** 3 ms, 820 ms, 12.3 s, 3 min 20 s, 2 h 5 min. */
export function secondsText(seconds = NaN): string {
  if (!(seconds >= 0 && seconds < 1e12)) return 'unknown';
  if (seconds < 0.9995) return `${Number((seconds * 1000).toPrecision(3))}\u00a0ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))}\u00a0s`;
  const s = Math.round(seconds);
  return s < 3600
    ? `${Math.floor(s / 60)}\u00a0min ${s % 60}\u00a0s`
    : `${countText(Math.floor(s / 3600))}\u00a0h ${Math.floor((s % 3600) / 60)}\u00a0min`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** 1 December 2026, 01:25 UTC; undefined of what is no date. */
export function dateText(text: string): string | undefined {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return undefined;
  const time = date.toISOString().slice(11, 16);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${time} UTC`;
}
