// Texts of the data stay texts, in the page and in the summary; numbers are told as people tell them.

import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { html, raw } from '../../src/report/html.js';
import { reportOf } from '../../src/report/index.js';
import { bytesText, dateText, numberText, percentText, secondsText } from '../../src/report/numbers.js';
import { clean, cut, label, widthOf } from '../../src/report/text.js';
import type { Run } from '../../src/tables/index.js';
import { HOSTILE, hostile, three } from './runs.js';

/** What a table of GitHub's takes for its cells. */
const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

describe('HTML', () => {
  test('what is put in is text, what is HTML stays it', () => {
    expect(html`<b>${'<i>&"\''}</b>${raw('<br>')}${[1, false, undefined]}`.text).toBe(
      '<b>&lt;i&gt;&amp;&quot;&#39;</b><br>1',
    );
  });

  test('of hostile names nothing becomes an element, an attribute or a style', () => {
    const { document } = parseHTML(reportOf(hostile()).html);
    expect(document.querySelectorAll('script,img,[onload],[onerror],svg svg')).toHaveLength(0);
    expect(document.querySelectorAll('style')).toHaveLength(1);
    const names = [...document.querySelectorAll('#dropped tbody th')].map(({ textContent }) => textContent);
    expect(names[0]).toBe(HOSTILE[0]);
    expect(names[1]).toBe(HOSTILE[1]);
    expect(names[3]).toBe(HOSTILE[3]);
    expect(names[4]).toContain('\\u202eevil\\u202c');
    expect(names[5]).toBe('lone \ufffd surrogate \ufffd');
    expect(names[6]).toBe(`${'x'.repeat(59)}…`);
    expect(names[11]).toBe('(empty)');
  });

  test('names of prototypes are names', () => {
    const run = three();
    const words = { metrics: { constructor: 1, toString: 2, ['__proto__']: 3 }, seconds: { constructor: 1 } };
    const { html } = reportOf({
      ...run,
      evaluation: { ...run.evaluation, metrics: words.metrics },
      seconds: words.seconds,
      notes: { ...run.notes, history: { ...run.notes.history, stopReason: 'constructor' } },
    });
    expect(html).toContain('>constructor<');
    expect(html).not.toContain('native code');
  });

  test('a command stands there as it is, line ends and all', () => {
    const run = three();
    const command = 'bitgrad train \'a & b <c>.csv\' \\\n  --target "x|y"';
    const { document } = parseHTML(reportOf({ ...run, notes: { ...run.notes, command } } as Run).html);
    expect(document.querySelector('pre.command')?.textContent).toBe(command);
  });
});

describe('Markdown', () => {
  const { markdown } = reportOf(hostile());
  const lines = markdown.split('\n');

  test('rows of tables have as many cells as their heads', () => {
    const rows = lines
      .map((line, i) => ({ line, head: lines[i - 1] ?? '' }))
      .filter(({ line }) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(10);
    const wrong = rows.filter(
      ({ line, head }) => head.startsWith('|') && cellsOf(line).length !== cellsOf(head).length,
    );
    expect(wrong).toEqual([]);
  });

  test('names stand in code, where they are no mentions, links or elements', () => {
    const outside = lines
      .join('\n')
      .replace(/(`{3,})sh\n[\s\S]*?\n\1/g, '')
      .replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
      .replace(/\\./g, '');
    expect(outside).not.toMatch(/@everyone|#1|<script|<img|\$x\$/);
    expect(
      [...outside.matchAll(/<\/?[a-z]+>/g)].map(([tag]) => tag).filter((tag) => !/details|summary/.test(tag)),
    ).toEqual([]);
  });

  test('every fold ends, and its fence is longer than any in it', () => {
    expect(lines.filter((line) => line.startsWith('<details>'))).toHaveLength(3);
    expect(lines.filter((line) => line === '</details>')).toHaveLength(3);
    const [fence] = lines.filter((line) => /^`+sh$/.test(line));
    expect(fence).toBe('`````sh');
    expect(lines.filter((line) => line === '`````')).toHaveLength(1);
  });

  test('of three classes it is as it is', () => {
    const { markdown: usual } = reportOf(three());
    expect(usual).toContain('### `species` from `iris.csv`');
    expect(usual).toContain('| Accuracy | **95\u00a0%** |');
    expect(usual).toContain(three().notes.command);
    expect(usual).toContain(three().model.parametersSha256);
  });
});

describe('words and numbers', () => {
  test('texts are cut by characters, labels by width', () => {
    expect(cut('👩'.repeat(5), 3)).toBe('👩👩…');
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('', 3)).toBe('(empty)');
    expect(widthOf(label('漢字'.repeat(20), 9))).toBeLessThan(10);
    expect(clean('a\u0000\n\u202eb\ud800')).toBe('a\\u0000 \\u202eb\ufffd');
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234.5, '1,235'],
    [-12_345_678.9, '−12,345,679'],
    [1e-7, '1e−7'],
    [1.23456e21, '1.235e21'],
    [Number.MAX_VALUE, '1.798e308'],
    [NaN, 'not defined'],
    [-Infinity, '−infinite'],
  ])('%s is %s', (x, text) => expect(numberText(x)).toBe(text));

  test('shares, sizes, times, dates', () => {
    expect([0, 0.5, 1, 0.99987, 0.0123, NaN].map(percentText)).toEqual(
      ['0 %', '50 %', '100 %', '99.99 %', '1.2 %', 'not defined'].map((each) => each.replace(' %', '\u00a0%')),
    );
    expect([0, 999, 1000, 1_234_567, NaN].map(bytesText)).toEqual([
      '0\u00a0bytes',
      '999\u00a0bytes',
      '1\u00a0KB',
      '1.23\u00a0MB',
      'unknown',
    ]);
    expect([0.0123, 0.9999, 59.99, 200, 7500].map(secondsText)).toEqual([
      '12.3\u00a0ms',
      '1\u00a0s',
      '60\u00a0s',
      '3\u00a0min 20\u00a0s',
      '2\u00a0h 5\u00a0min',
    ]);
    expect(dateText('2026-12-01T01:25:30.000Z')).toBe('1 December 2026, 01:25 UTC');
    expect(dateText('soon')).toBeUndefined();
  });
});
