// Texts and options that nobody would write on purpose.

import { describe, expect, test, vi } from 'vitest';
import { BitgradError, NotFittedError, ValueError } from '../../src/checks/errors.js';
import {
  CountVectorizer,
  HashingVectorizer,
  SparseMatrix,
  TfidfTransformer,
  TfidfVectorizer,
} from '../../src/model/index.js';

const KINDS = { HashingVectorizer, CountVectorizer, TfidfTransformer, TfidfVectorizer };
const make = (kind: keyof typeof KINDS, options: object = {}) => new KINDS[kind](options as never) as TfidfVectorizer;
const TEXT_KINDS = ['HashingVectorizer', 'CountVectorizer', 'TfidfVectorizer'] as const;

describe('options', () => {
  const ofTexts: [string, unknown, string][] = [
    ['lowercase', 1, '"lowercase" must be true or false, got 1'],
    ['analyzer', 'words', '"analyzer" must be one of word, char, charWb, got "words"; did you mean word?'],
    ['tokenPattern', '[a-z]+', '"tokenPattern" must be a regular expression, got "[a-z]+"'],
    ['tokenPattern', null, '"tokenPattern" must be a regular expression, got null'],
    ['tokenPattern', /(a)(b)/, '"tokenPattern" must have one group at most, got 2'],
    ['tokenPattern', /a/y, '"tokenPattern" must be without the flag y'],
    ['stopWords', 'english', '"stopWords" must be an array of texts, got "english"'],
    ['stopWords', ['a', 1], '"stopWords"[1] must be a text, got 1'],
    ['ngramRange', 2, '"ngramRange" must be two integers, [least, most], got 2'],
    ['ngramRange', [0, 1], '"ngramRange"[0] must be a positive integer, got 0'],
    ['ngramRange', [2, 1], '"ngramRange"[1] must be an integer, 2 or more, got 1'],
    ['ngramRange', [1, Infinity], '"ngramRange"[1] must be a positive integer, got Infinity'],
    ['binary', 'yes', '"binary" must be true or false, got "yes"'],
  ];
  const ofHashes: [string, unknown, string][] = [
    ['nFeatures', 0, '"nFeatures" must be an integer from 1 to 2147483647, got 0'],
    ['nFeatures', 2 ** 31, '"nFeatures" must be an integer from 1 to 2147483647, got 2147483648'],
    ['norm', 'l3', '"norm" must be one of l1, l2, got "l3"'],
    ['norm', 'max', '"norm" must be one of l1, l2, got "max", or null'],
    ['alternateSign', null, '"alternateSign" must be true or false, got null'],
    ['dtype', 'f16', '"dtype" must be "f64" or "f32", got "f16"'],
  ];
  const ofCounts: [string, unknown, string][] = [
    ['minDf', 1.5, '"minDf" must be a number of texts, or a part of them from 0 to below 1, got 1.5'],
    ['minDf', '1', '"minDf" must be a number of texts'],
    ['maxDf', -0.1, '"maxDf" must be a part of the texts from 0 to 1, or a number of them above 1, got -0.1'],
    ['maxFeatures', 0, '"maxFeatures" must be a positive integer, got 0'],
    ['vocabulary', [], '"vocabulary" has no terms'],
    ['vocabulary', ['a', 'b', 'a'], '"vocabulary"[0] is "a", which comes again'],
    ['vocabulary', new Map(), '"vocabulary" must be an array of texts, got a Map'],
  ];
  const ofWeights: [string, unknown, string][] = [
    ['useIdf', 1, '"useIdf" must be true or false, got 1'],
    ['smoothIdf', 1, '"smoothIdf" must be true or false, got 1'],
    ['sublinearTf', 1, '"sublinearTf" must be true or false, got 1'],
  ];
  const all: [keyof typeof KINDS, [string, unknown, string][]][] = [
    ['HashingVectorizer', [...ofTexts, ...ofHashes]],
    ['CountVectorizer', [...ofTexts, ...ofCounts]],
    ['TfidfTransformer', ofWeights],
    ['TfidfVectorizer', [...ofTexts, ...ofCounts, ...ofWeights]],
  ];
  test.each(all)('%s', (kind, cases) => {
    for (const [name, value, message] of cases) expect(() => make(kind, { [name]: value })).toThrow(message);
    expect(() => make(kind, { nothing: 1 })).toThrow(new RegExp(`^${kind}: unknown option "nothing"; known options: `));
    expect(() => make(kind, [] as never)).toThrow(ValueError);
    expect(() => structuredClone(make(kind))).toThrow(/toJSON\(\) and fromJSON/);
  });
});

describe.each(TEXT_KINDS)('%s', (kind) => {
  test('options may change once they were read', () => {
    const stopWords = ['the'];
    const ngramRange = [1, 1];
    const tokenPattern = /\w+/g;
    tokenPattern.lastIndex = 3;
    const options = { stopWords, ngramRange, tokenPattern };
    const [ours, wanted] = [make(kind, options), make(kind, { ...options, stopWords: ['the'], ngramRange: [1, 1] })];
    stopWords[0] = 'cat';
    ngramRange[1] = 5;
    tokenPattern.exec = () => null;
    const texts = ['the cat', 'a cat'];
    expect(ours.fit(texts).transform(texts).toCSR()).toEqual(wanted.fit(texts).transform(texts).toCSR());
    expect(() => (ours.stopWords as string[]).push('x')).toThrow(TypeError);
  });

  test('half pairs, long texts and many spaces', () => {
    const texts = [
      '\ud800\udc00\ud800 \udc00a',
      'a'.repeat(2e5),
      ' '.repeat(1e6),
      'ab '.repeat(1e5),
      '\0\0 \0a',
      '\u0130i\u0307',
    ];
    for (const options of [
      {},
      { analyzer: 'char' },
      { analyzer: 'charWb', ngramRange: [2, 3] },
      { ngramRange: [1, 3] },
    ]) {
      const rows = make(kind, options).fit(texts).transform(texts);
      expect(rows.rows).toBe(6);
      expect(rows.toCSR().data.every(Number.isFinite)).toBe(true);
    }
    // A character of two units is one: no half of it is a token.
    if (kind !== 'CountVectorizer') return;
    const names = make(kind, { analyzer: 'char' }).fit([texts[0]]).getFeatureNamesOut();
    expect(names).toEqual([' ', 'a', '\ud800', '\ud800\udc00', '\udc00']);
  });

  test('names of Object.prototype are words as others are', () => {
    const texts = ['constructor __proto__ toString', 'hasOwnProperty constructor'];
    const rows = make(kind, { lowercase: false }).fit(texts).transform(texts);
    expect(Array.from(rows.toCSR().indptr)).toEqual([0, 3, 5]);
    if (kind === 'HashingVectorizer') return;
    expect(make(kind, { lowercase: false }).fit(texts).getFeatureNamesOut()).toEqual([
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'toString',
    ]);
  });

  test('a getter of the caller’s is called once, and what it throws comes out', () => {
    let calls = 0;
    const texts = ['one two'];
    Object.defineProperty(texts, 1, { get: () => (calls++ ? 5 : 'two'), enumerable: true });
    make(kind).fit(texts);
    expect(calls).toBe(1);
    const bad = new Proxy(['x'], {
      get: (_, key) => {
        if (key === '0') throw new Error('mine');
        return key === 'length' ? 1 : undefined;
      },
    });
    expect(() => make(kind).fit(bad)).toThrow();
  });
});

test('without terms', () => {
  const none = '"X" has no terms: its texts are empty, or hold stop words alone';
  for (const texts of [[''], ['', 'a b c'], ['the', 'THE']]) {
    expect(() => new CountVectorizer({ stopWords: ['the'] }).fit(texts)).toThrow(new ValueError(none));
    expect(() => new TfidfVectorizer({ stopWords: ['the'] }).fit(texts)).toThrow(new ValueError(none));
  }
  const left = 'no term is left of 2: lower "minDf" (2) or raise "maxDf" (1)';
  expect(() => new CountVectorizer({ minDf: 2 }).fit(['aa', 'bb'])).toThrow(new ValueError(left));
  expect(() => new CountVectorizer({ minDf: 3, maxDf: 0.5 }).fit(['aa', 'bb'])).toThrow(
    '"maxDf" is 1 texts of 2, fewer than the 3 of "minDf"',
  );
  const fitted = new CountVectorizer().fit(['aa bb']);
  expect(() => fitted.fit([''])).toThrow(none);
  expect(fitted.getFeatureNamesOut()).toEqual(['aa', 'bb']);
  expect(fitted.transform(['', 'cc']).nnz).toBe(0);
  expect(new TfidfVectorizer().fit(['aa']).transform(['', 'zz']).toDense().toArray()).toEqual([[0], [0]]);
  expect(() => new CountVectorizer().transform(['aa'])).toThrow(
    new NotFittedError('this CountVectorizer is not fitted yet: call fit() first'),
  );
  expect(new CountVectorizer({ vocabulary: ['aa'] }).transform(['aa aa']).toDense().toArray()).toEqual([[2]]);
  expect(new HashingVectorizer().transform(['']).nnz).toBe(0);
});

describe('weights', () => {
  const X = SparseMatrix.fromDense([
    [1, 0, 2],
    [3, 0, 0],
  ]);
  test('what they refuse', () => {
    const fitted = new TfidfTransformer({ smoothIdf: false, sublinearTf: true }).fit(X);
    expect(() => fitted.transform([[0, 1, 0]])).toThrow(
      '"X"[0][1] is 1, but fit saw no such column: write smoothIdf: true',
    );
    expect(() => fitted.transform([[-1, 0, 0]])).toThrow(
      '"X"[0][0] is -1: sublinearTf is of counts above 0, as of alternateSign: false',
    );
    expect(() => fitted.transform([[1, 0]])).toThrow('"X" has 2 columns, but 3 were fitted');
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      expect(() => fitted.transform([[bad, 0, 0]])).toThrow(/"X"\[0\]\[0\] is/);
      expect(() => fitted.fit(SparseMatrix.fromEntries(1, 3, [[0, 2, bad]]))).toThrow(`"X"[0][2] is ${bad}`);
    }
    expect(() => new TfidfTransformer().fit(['a text'] as never)).toThrow(/"X"/);
    expect(() => new TfidfTransformer().fit(SparseMatrix.fromEntries(0, 3, []))).toThrow('"X" has no rows');
    expect(() => new TfidfTransformer().transform(X)).toThrow(NotFittedError);
  });

  test('dense and sparse rows, and zeros that are stored, are the same', () => {
    const zeros = SparseMatrix.fromEntries(2, 3, [
      [0, 0, 1],
      [0, 1, 0],
      [0, 2, 2],
      [1, 0, 3],
      [1, 1, 0],
    ]);
    for (const options of [{}, { sublinearTf: true }, { norm: 'l1' }, { smoothIdf: false }] as const) {
      const wanted = new TfidfTransformer(options).fitTransform(X.toDense());
      for (const rows of [X, zeros]) {
        const ours = new TfidfTransformer(options);
        expect(ours.fitTransform(rows).toDense().toArray()).toEqual(wanted.toDense().toArray());
        for (const i of [0, 1])
          expect(
            ours
              .transform(rows.slice(i, i + 1))
              .toDense()
              .toArray(),
          ).toEqual([wanted.toDense().toArray()[i]]);
      }
    }
  });
});

test('JSON that asks for much, or is half', () => {
  const refused = (read: () => unknown, message: string | RegExp) => {
    expect(read).toThrow(BitgradError);
    expect(read).toThrow(message);
  };
  const weights = new TfidfTransformer().fit([[1, 2]]).toJSON();
  refused(() => TfidfTransformer.fromJSON({ ...weights, cols: 1e9 }), '"json.cols" must be 2');
  refused(() => TfidfTransformer.fromJSON({ ...weights, idf: undefined } as never), '"json.idf" must be');
  refused(() => TfidfTransformer.fromJSON({ ...weights, cols: undefined } as never), '"json.idf" must be');
  refused(() => TfidfTransformer.fromJSON({ ...weights, idf: [1, -1] }), '"json.idf" must be');
  refused(() => TfidfTransformer.fromJSON({ ...weights, useIdf: false }), '"json.idf" must be');
  const words = new TfidfVectorizer().fit(['aa bb']).toJSON();
  refused(
    () => TfidfVectorizer.fromJSON({ ...words, weights: new TfidfTransformer().fit([[1, 2, 3]]).toJSON() }),
    '"json.weights" is of 3 columns, but there are 2 terms',
  );
  refused(() => TfidfVectorizer.fromJSON({ ...words, counts: new CountVectorizer().toJSON() }), /not fitted yet/);
  const counts = new CountVectorizer().fit(['aa bb']).toJSON();
  refused(() => CountVectorizer.fromJSON({ ...counts, terms: ['a', 'a'] }), '"json.terms" must be different texts');
  refused(
    () => CountVectorizer.fromJSON({ ...counts, tokenPattern: { source: '(', flags: 'u' } }),
    '"json.tokenPattern" must be a regular expression',
  );
  refused(
    () => CountVectorizer.fromJSON({ ...counts, tokenPattern: { source: 'a', flags: 'zz' } }),
    '"json.tokenPattern" must be a regular expression',
  );
  // However many columns it has, hashing takes no room for them.
  const wide = HashingVectorizer.fromJSON({ ...new HashingVectorizer().toJSON(), nFeatures: 2 ** 31 - 1 });
  expect(wide.transform(['a word']).cols).toBe(2 ** 31 - 1);
});

test('console.log shows options, and no thousand words', () => {
  const words = Array.from({ length: 1000 }, (_, i) => `w${i}`);
  const vectorizer = new CountVectorizer({ vocabulary: words, stopWords: ['a'] });
  const shown = (vectorizer as unknown as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')]();
  expect(shown).toContain('tokenPattern: "/[\\\\p{L}\\\\p{N}_]{2,}/gu"');
  expect(shown).toContain('vocabulary: "1000 texts"');
  expect(shown).toContain('fitted, 1000 terms');
});

test('where regular expressions know no properties of characters, a pattern must be given', () => {
  const Real = RegExp;
  vi.stubGlobal(
    'RegExp',
    class extends Real {
      constructor(source: string, flags?: string) {
        if (source.includes('\\p{')) throw new SyntaxError('Invalid escape');
        super(source, flags);
      }
    },
  );
  try {
    expect(() => new HashingVectorizer()).toThrow(
      new ValueError('"tokenPattern" must be given: regular expressions know no \\p{L} here'),
    );
    expect(new HashingVectorizer({ tokenPattern: /\w+/ }).transform(['two words']).nnz).toBe(2);
  } finally {
    vi.unstubAllGlobals();
  }
});
