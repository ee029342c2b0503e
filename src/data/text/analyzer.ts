// From a text to its tokens. Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py (_VectorizerMixin).

import { ValueError } from '../../checks/errors.js';
import { checkFlag, checkInteger, checkName, refuseValue } from '../../checks/values.js';

export const ANALYZERS = ['word', 'char', 'charWb'] as const;

/** How a text becomes terms. */
export interface AnalyzerOptions {
  /** Whether texts become lower case first. Default: true. */
  lowercase?: boolean;
  /** What tokens are: words, any characters after each other, or those within words. Default: `'word'`. */
  analyzer?: (typeof ANALYZERS)[number];
  /**
   * Of `'word'`: what a word is, or its one group. Default: two letters, digits or underscores or more. It is called on every text: one that
   * backtracks without end holds up whoever calls.
   */
  tokenPattern?: RegExp;
  /** Of `'word'`: words to leave out, as they are after `lowercase`. Default: none. */
  stopWords?: readonly string[] | null;
  /** The least and the most words, or characters, of a token. Default: [1, 1]. */
  ngramRange?: readonly [min: number, max: number];
}

/** All of them, the caller's no more. */
export interface ReadAnalyzerOptions {
  readonly lowercase: boolean;
  readonly analyzer: (typeof ANALYZERS)[number];
  readonly tokenPattern: RegExp;
  readonly stopWords: readonly string[] | null;
  readonly ngramRange: readonly [number, number];
}

export const ANALYZER_OPTIONS = ['lowercase', 'analyzer', 'tokenPattern', 'stopWords', 'ngramRange'] as const;

/** Python's \w is a letter or a number or _ of any script: as here, of all characters of Unicode 14 (compared). */
const WORDS = '[\\p{L}\\p{N}_]{2,}';

/** And its \s. */
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

/** @throws {ValueError} where the host's expressions know no properties of characters, as those of Hermes 0.12 */
function defaultPattern(): RegExp {
  try {
    return new RegExp(WORDS, 'gu');
  } catch (cause) {
    throw new ValueError(`"tokenPattern" must be given: regular expressions know no \\p{L} here`, { cause });
  }
}

const isPattern = (value: unknown): value is RegExp => Object.prototype.toString.call(value) === '[object RegExp]';

/** How many groups it captures: as many as it has where it matches nothing. */
const groupsOf = ({ source, flags }: RegExp): number =>
  ((new RegExp(`${source}|`, flags).exec('') as RegExpExecArray) ?? []).length - 1;

/** A copy that finds all. @throws {ValueError} */
function readPattern(value: unknown): RegExp {
  if (!isPattern(value)) return refuseValue('tokenPattern', 'a regular expression', value);
  const flags = `${value.flags}`.replace(/[gd]/g, '');
  if (flags.includes('y')) throw new ValueError('"tokenPattern" must be without the flag y');
  const pattern = new RegExp(`${value.source}`, `${flags}g`);
  const groups = groupsOf(pattern);
  if (groups > 1) throw new ValueError(`"tokenPattern" must have one group at most, got ${groups}`);
  return pattern;
}

/** A copy of an array of texts. @throws {ValueError} naming the place */
export function readTextList(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) return refuseValue(name, 'an array of texts', value);
  return Array.from(value, (each: unknown, i) =>
    typeof each === 'string' ? each : refuseValue(name, 'a text', each, `[${i}]`),
  );
}

/** @throws {ValueError} naming the option */
export function readAnalyzerOptions(given: AnalyzerOptions): ReadAnalyzerOptions {
  const { lowercase = true, analyzer = 'word', stopWords = null, ngramRange = [1, 1] } = given;
  const { tokenPattern = defaultPattern() } = given;
  if (!Array.isArray(ngramRange) || ngramRange.length !== 2) {
    refuseValue('ngramRange', 'two integers, [least, most]', ngramRange);
  }
  const least = checkInteger(ngramRange[0], 'ngramRange', 1, Infinity, '[0]');
  return {
    lowercase: checkFlag(lowercase, 'lowercase'),
    analyzer: checkName(analyzer, ANALYZERS, 'analyzer'),
    tokenPattern: readPattern(tokenPattern),
    stopWords: stopWords === null ? null : Object.freeze(readTextList(stopWords, 'stopWords')),
    ngramRange: Object.freeze([least, checkInteger(ngramRange[1], 'ngramRange', least, Infinity, '[1]')] as const),
  };
}

/** Runs of so many letters, in their order; of so few letters that there is none, no token. */
function addRuns<T>(
  letters: ArrayLike<T>,
  [least, most]: readonly [number, number],
  run: (i: number, end: number) => void,
) {
  for (let n = least; n <= Math.min(most, letters.length); n++) {
    for (let i = 0; i + n <= letters.length; i++) run(i, i + n);
  }
}

/** A text's characters: of UTF-16, unless it has pairs. */
const lettersOf = (text: string): string | string[] => (/[\ud800-\udbff]/.test(text) ? Array.from(text) : text);

const partOf = (letters: string | string[], from: number, end: number): string =>
  typeof letters === 'string' ? letters.slice(from, end) : letters.slice(from, end).join('');

/** What makes the tokens of a text, in no order that matters. */
export function analyzerOf(options: ReadAnalyzerOptions): (text: string) => readonly string[] {
  const { lowercase, analyzer, tokenPattern, stopWords, ngramRange } = options;
  const [least, most] = ngramRange;
  const cased = (text: string) => (lowercase ? text.toLowerCase() : text);
  if (analyzer === 'word') {
    const grouped = groupsOf(tokenPattern) === 1;
    const stops = stopWords && new Set(stopWords);
    return (text) => {
      const whole = cased(text);
      const all = grouped
        ? Array.from(whole.matchAll(tokenPattern), (match) => match[1] ?? '')
        : (whole.match(tokenPattern) ?? []);
      const words = stops ? all.filter((word) => !stops.has(word)) : all;
      if (most === 1) return words;
      const tokens: string[] = [];
      addRuns(words, ngramRange, (i, end) => tokens.push(i + 1 === end ? words[i] : words.slice(i, end).join(' ')));
      return tokens;
    };
  }
  const spaces = new RegExp(`${SPACE}{2,}`, 'g');
  const space = new RegExp(`${SPACE}+`);
  return (text) => {
    const whole = cased(text).replace(spaces, ' ');
    const tokens: string[] = [];
    const add = (letters: string | string[]) =>
      addRuns(letters, ngramRange, (i, end) => tokens.push(partOf(letters, i, end)));
    if (analyzer === 'char') {
      add(lettersOf(whole));
      return tokens;
    }
    for (const word of whole.split(space)) {
      if (word === '') continue;
      const letters = lettersOf(` ${word} `);
      add(letters);
      // A word that is shorter is a token once.
      if (letters.length < least) tokens.push(` ${word} `);
    }
    return tokens;
  };
}
