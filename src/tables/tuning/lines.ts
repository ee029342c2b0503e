// Lines of a journal: each says by a sum of its own that it is whole, so that what a killed process left behind is told from it.

import { createHash } from 'node:crypto';

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** One line, with its end. @param value plain JSON */
export function toLine(value: object): string {
  const text = JSON.stringify(value);
  return `${text.slice(0, -1)},"check":"${sumOf(text)}"}\n`;
}

const CHECK = /^(.+),"check":"([0-9a-f]{16})"\}$/;

/** Undefined of what is not whole. */
function fromLine(line: string): unknown {
  const [, text, sum] = CHECK.exec(line) ?? [];
  if (text === undefined || sumOf(`${text}}`) !== sum) return undefined;
  try {
    return JSON.parse(`${text}}`);
  } catch {
    return undefined;
  }
}

/** Those that are whole, with their numbers from 1; what has no end yet is none. */
export function linesOf(text: string): { readonly line: number; readonly value: unknown }[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((each, i) => ({ line: i + 1, value: fromLine(each) }))
    .filter(({ value }) => value !== undefined);
}
