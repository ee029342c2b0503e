// HTML that cannot be broken by what is put into it: a template escapes all that is not HTML already.

import { LIMITS } from './limits.js';
import { clean, cut } from './text.js';

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escaped = (text: string): string => clean(text).replace(/[&<>"']/g, (each) => NAMES[each]);

/** Text that is HTML: made by `html` and `raw` alone. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | undefined | false | readonly Part[];

/** What is not to be escaped: texts of this room. */
export const raw = (text: string): Html => new Html(text);

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (part === undefined || part === false) return '';
  return Array.isArray(part) ? part.map(textOf).join('') : escaped(String(part));
}

/** Strings and numbers in it are escaped, lists joined, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, i) => (i === 0 ? text : textOf(parts[i - 1]) + text)).join(''));
}

/** Parts with something between them. */
export function joined(parts: readonly Part[], between: Part): Html {
  return html`${parts.map((part, i) => (i === 0 ? part : [between, part]))}`;
}

/** A name or a value of the data: cut, and of a direction of its own. */
export const data = (text: string, most: number = LIMITS.text): Html => html`<bdi>${cut(text, most)}</bdi>`;

/** The same in a fixed-width font. */
export const code = (text: string, most: number = LIMITS.text): Html =>
  html`<code><bdi>${cut(text, most)}</bdi></code>`;
