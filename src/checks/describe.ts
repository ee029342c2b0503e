// What came in, in words, for messages.

/** At most so many characters of what came in are repeated in a message. */
const QUOTED = 40;

/** A text that came in, in quotes and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text);
}

/** `value` as a short text for a message: its kind and, where it helps, itself. It never throws, whatever came. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value < 1e20 && value > -1e20 ? `${value}n (a BigInt)` : 'a BigInt';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    const name: unknown = value.constructor?.name;
    if (typeof name === 'string' && name !== '' && name !== 'Object') return `a ${name.slice(0, QUOTED)}`;
  } catch {
    // A getter or a proxy that throws says nothing of what it is.
  }
  return 'an object';
}

/** Letters without case or separators: `hidden_layer_sizes` and `hiddenLayerSizes` are one name. */
const bare = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');

/** How many letters must be added, dropped or replaced (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) next.push(Math.min(row[j] + Number(a[i] !== b[j]), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}

/** `did you mean ...? `, if one of the known names is near; for a message. */
export function suggest(name: string, known: readonly string[]): string {
  if (name.length > QUOTED) return '';
  const near = (each: string) => distance(bare(name), bare(each));
  const [best] = [...known].sort((a, b) => near(a) - near(b));
  return best !== undefined && near(best) * 3 < bare(best).length ? `did you mean ${best}? ` : '';
}
