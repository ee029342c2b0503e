// Contrast (WCAG 2.2), computed from the variables that the page has: 4.5 of texts, 3 of lines and marks.

import { describe, expect, test } from 'vitest';
import { reportOf } from '../../src/report/index.js';
import { three } from './runs.js';

const { html } = reportOf(three());
const [, light] = /:root\{color-scheme:light dark;([^}]*)\}/.exec(html) as RegExpExecArray;
const [, dark] = /prefers-color-scheme:dark\)\{:root\{([^}]*)\}/.exec(html) as RegExpExecArray;

const variables = (text: string): Map<string, string> =>
  new Map(text.split(';').map((each) => each.slice(2).split(':') as [string, string]));

/** Relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const share = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

const SERIES = ['s1', 's2', 's3', 's4'];
const STEPS = [0, 1, 2, 3, 4, 5, 6];

/** Pairs of what is written and what it is written on. */
const TEXTS = [
  ...['ink', 'soft', 'link'].flatMap((text) => ['paper', 'card'].map((on) => [text, on])),
  ['ink', 'note'],
  ...STEPS.map((i) => [`t${i}`, `h${i}`]),
];
const MARKS = [...SERIES, 'edge', 'focus', 'noteEdge'].flatMap((mark) => ['paper', 'card'].map((on) => [mark, on]));

test('black on white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, text) => {
  const colours = variables(text);
  const between = ([one, other]: string[]) => contrast(colours.get(one) as string, colours.get(other) as string);

  test('texts', () => {
    const low = TEXTS.map((pair) => ({ pair, is: between(pair) })).filter(({ is }) => !(is >= 4.5));
    expect(low).toEqual([]);
  });

  test('lines and marks', () => {
    const low = MARKS.map((pair) => ({ pair, is: between(pair) })).filter(({ is }) => !(is >= 3));
    expect(low).toEqual([]);
  });

  test('steps of the heat map go one way', () => {
    const steps = STEPS.map((i) => luminance(colours.get(`h${i}`) as string));
    const further = steps.slice(1).map((each, i) => Math.sign(each - steps[i]));
    expect(new Set(further).size).toBe(1);
  });

  test('every variable that is used has a value', () => {
    const used = new Set([...html.matchAll(/var\(--(\w+)\)/g)].map(([, name]) => name));
    expect(used.size).toBeGreaterThan(10);
    expect([...used].filter((name) => !colours.has(name))).toEqual([]);
  });
});
