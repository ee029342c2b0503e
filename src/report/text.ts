// Texts that others wrote, as a page may show them.

import stringWidth from 'string-width';

/** What would end a line, steer a direction, or is no character: controls, marks of direction, what Unicode never assigns. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const STEERS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/g;

/** Without halves of characters; what cannot be seen is spelled out, line ends are spaces. */
export function clean(text: string): string {
  return text.toWellFormed().replace(STEERS, (each) => {
    if (each === '\n' || each === '\t' || each === '\r') return ' ';
    return `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** So many characters at most: the rest is an ellipsis. Nothing is said to be nothing. */
export function cut(text: string, most: number): string {
  if (text.trim() === '') return '(empty)';
  // What is far too long is not spread into characters.
  const characters = [...clean(text.slice(0, 8 * most))];
  const whole = text.length <= 8 * most && characters.length <= most;
  return whole ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** So wide at most, in columns of a terminal, of which a Chinese character has two: of labels in charts. */
export function label(text: string, width: number): string {
  let left = cut(text, width);
  while (stringWidth(left) > width) left = `${[...left].slice(0, -2).join('')}…`;
  return left;
}

export const widthOf = (text: string): number => stringWidth(text);

/** Names made readable: `meanAbsoluteError` is `mean absolute error`. */
export const spaced = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();

/** a, b and c */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
