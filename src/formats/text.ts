// Cells in messages.

const LONGEST = 60;

/** On one line, whatever it is. */
export const escaped = (text: string) =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, (each) => {
    const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return short[each] ?? `\\u{${each.codePointAt(0)?.toString(16)}}`;
  });

/** On one line, at most 60 characters of it. */
export function brief(text: string): string {
  const part = Array.from(text.slice(0, 2 * LONGEST))
    .slice(0, LONGEST)
    .join('');
  return part.length < text.length ? `${escaped(part)}...` : escaped(text);
}

/** What stands in a cell, in quotes, on one line: at most 60 characters of it. */
export const shown = (cell: unknown): string => `"${brief(String(cell))}"`;

/** `there are 2 columns` */
export const thereAre = (number: number, noun: string): string =>
  `there ${number === 1 ? 'is' : 'are'} ${count(number, noun)}`;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
