import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barText, numberText, plot, spark } from '../../src/cli/plot.js';
import { pairsText, tableText } from '../../src/cli/table.js';
import { bytesText, cut, durationText, printable, secondsText, widthOf } from '../../src/cli/text.js';

const SAMPLES = fc.array(fc.double(), { maxLength: 300 });
const TEXTS = fc.string({ unit: 'grapheme', maxLength: 30 });
const widthsOf = (text: string): number[] => text.split('\n').map(widthOf);

describe('texts', () => {
  test('what would steer a terminal is spelled out', () => {
    expect(printable('a\u001b[2Jb\nc\td\u202ee\u0007')).toBe('a\\u001b[2Jb c d\\u202ee\\u0007');
    expect(printable('größe 名前 🎉')).toBe('größe 名前 🎉');
  });

  test('cut', () => {
    expect([cut('abc', 3), cut('abcd', 3), cut('名前です', 5), cut('abc', 1), cut('abc', 0)]).toEqual([
      'abc',
      'ab…',
      '名前…',
      '…',
      '',
    ]);
    fc.assert(fc.property(TEXTS, fc.nat(20), (text, width) => widthOf(cut(text, width)) <= width));
  });

  test('sizes and times', () => {
    expect([0, 999, 1000, 15_300, 999_999_999, 4.3e9].map(bytesText)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.0 KB',
      '15.3 KB',
      '1000 MB',
      '4.3 GB',
    ]);
    expect([0.84, 12.3, 200, 7500, Number.NaN].map(secondsText)).toEqual([
      '0.8 s',
      '12 s',
      '3 min 20 s',
      '2 h 5 min',
      '?',
    ]);
    expect([3.4e-6, 1.2e-4, 0.0093, 0.17, 2].map(durationText)).toEqual([
      '3.4 µs',
      '120 µs',
      '9.3 ms',
      '170 ms',
      '2.0 s',
    ]);
    expect([0, 0.03048, 123456, 1e-9, -2.5].map(numberText)).toEqual(['0', '0.03048', '1.2e+5', '1.0e-9', '-2.5']);
  });
});

describe('tables', () => {
  const columns = [{ head: 'name' }, { head: 'n', right: true, whole: true }];

  test('columns are as wide as they must be, numbers at the right', () => {
    expect(
      tableText(
        columns,
        [
          ['a', 1],
          ['long name', 22],
        ],
        Infinity,
      ),
    ).toBe('name        n\na           1\nlong name  22');
    expect(
      pairsText(
        [
          ['a', 1],
          ['bc', 'two'],
        ],
        80,
      ),
    ).toBe('a   1\nbc  two');
  });

  test('of too little room the widest are cut first, whole ones last', () => {
    expect(tableText(columns, [['a long name', 1234567]], 16)).toBe('name           n\na long…  1234567');
    expect(tableText([{ head: '', whole: true }, { head: '' }], [['key', 'x'.repeat(99)]], 12)).toBe(`key  xxxxxx…`);
  });

  test('cells cannot steer the terminal, nor break lines', () => {
    expect(tableText([{ head: 'a\nb' }], [['\u001b[31mred']], 80)).toBe('a b\n\\u001b[31mred');
  });

  test('fits any room that has a place for each column', () => {
    const rows = fc.array(fc.array(TEXTS, { minLength: 4, maxLength: 4 }), { maxLength: 4 });
    const heads = [{ head: 'a' }, { head: 'bee', right: true }, { head: 'c', whole: true }, { head: '' }];
    fc.assert(
      fc.property(rows, fc.integer({ min: 14, max: 60 }), (cells, room) => {
        const text = tableText(heads, cells, room);
        expect(Math.max(...widthsOf(text))).toBeLessThanOrEqual(room);
        expect(text.split('\n')).toHaveLength(cells.length + 1);
      }),
    );
  });
});

describe('plots', () => {
  test('a curve goes down from the greatest to the least', () => {
    expect(plot([4, 2, 1, 0], 17, 3)).toBe(' 4┼╮\n 2┤╰──╮\n 0┤   ╰─');
    // Of many values what is drawn is means, and so are the labels.
    expect(plot([100, ...Array(99).fill(0)], 31, 2)).toBe('20┼╮\n 0┤╰──────────────────');
  });

  test('any numbers fit', () => {
    fc.assert(
      fc.property(SAMPLES, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8 }), (curve, width, height) => {
        const text = plot(curve, width, height);
        if (text === '') return;
        expect(Math.max(...widthsOf(text))).toBeLessThanOrEqual(width);
        expect(text.split('\n').length).toBeLessThanOrEqual(height);
        expect(text).not.toMatch(/NaN|undefined/);
      }),
    );
  });

  test('without two numbers there is none', () => {
    for (const curve of [[], [1], [Number.NaN, 1, Infinity]]) expect(plot(curve, 40, 5)).toBe('');
    expect(plot([1, 1, 1], 12, 5).split('\n')).toHaveLength(1);
  });

  test('in one line, and as bars', () => {
    expect([spark([0, 1, 2, 7], 10), spark([3, 3], 10), spark([], 10)]).toEqual(['▁▂▃█', '▁▁', '']);
    expect(
      spark(
        Array.from({ length: 1000 }, (_, i) => i),
        8,
      ),
    ).toBe('▁▂▃▄▅▆▇█');
    expect([barText(5, 10, 8), barText(0, 0, 8)]).toEqual(['████', '']);
  });
});
