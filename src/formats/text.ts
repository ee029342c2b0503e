// Cells in messages.

const LONGEST = 60;

const escaped = (text: string) =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, (each) => {
    const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return short[each] ?? `\\u{${each.codePointAt(0)?.toString(16)}}`;
  });

/** What stands in a cell, in quotes, on one line: at most 60 characters of it. */
export function shown(cell: unknown): string {
  const text = String(cell);
  const part = Array.from(text.slice(0, 2 * LONGEST))
    .slice(0, LONGEST)
    .join('');
  return part.length < text.length ? `"${escaped(part)}..."` : `"${escaped(text)}"`;
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
