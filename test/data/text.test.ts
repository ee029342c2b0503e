// Vectorizers of texts against scikit-learn's: hashes, tokens, counts, weights.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  CountVectorizer,
  HashingVectorizer,
  type SparseMatrix,
  TfidfTransformer,
  TfidfVectorizer,
} from '../../src/data/index.js';
import { type AnalyzerOptions, analyzerOf, readAnalyzerOptions } from '../../src/data/text/analyzer.js';
import { textHash } from '../../src/data/text/murmur.js';
import { expectClose } from '../support/data-fixtures.js';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/texts.json', import.meta.url), 'utf8'));
const { texts } = fixtures;

type Sparse = [rows: number, cols: number, indptr: number[], indices: number[], data: number[]];

const optionsOf = (given: { tokenPattern?: string }) => ({
  ...given,
  ...(given.tokenPattern !== undefined && { tokenPattern: new RegExp(given.tokenPattern, 'u') }),
});
const title = ({ options }: { options: object }) => JSON.stringify(options);
const named = <C extends { options: object }>(cases: C[]): [string, C][] => cases.map((each) => [title(each), each]);

function expectSparse(ours: SparseMatrix, [rows, cols, indptr, indices, data]: Sparse, tolerance = 0): void {
  const csr = ours.toCSR();
  expect(ours.shape).toEqual([rows, cols]);
  expect(Array.from(csr.indptr)).toEqual(indptr);
  expect(Array.from(csr.indices)).toEqual(indices);
  expectClose(csr.data, data, tolerance);
}

test('MurmurHash3 of UTF-8', () => {
  expect(fixtures.hashes.length).toBeGreaterThan(20);
  const hash = textHash();
  for (const [text, wanted] of fixtures.hashes) expect([text, hash(text)]).toEqual([text, wanted]);
  // Half a pair is U+FFFD, as TextEncoder has it.
  expect([hash('a\ud800'), hash('\udc00b'), hash('\ud800\ud800')]).toEqual(
    ['a\ufffd', '\ufffdb', '\ufffd\ufffd'].map((text) => hash(text)),
  );
});

describe.each(named<{ options: AnalyzerOptions; tokens: string[][] }>(fixtures.analyzers))('tokens %s', (_, c) => {
  test('are scikit-learn’s', () => {
    const tokensOf = analyzerOf(readAnalyzerOptions(optionsOf(c.options as never) as AnalyzerOptions));
    const sort = (tokens: readonly string[]) => [...tokens].sort();
    texts.forEach((text: string, i: number) => expect([text, sort(tokensOf(text))]).toEqual([text, sort(c.tokens[i])]));
  });
});

test.each(named<{ options: object; out: Sparse }>(fixtures.hashing))('HashingVectorizer %s', (_, { options, out }) => {
  const vectorizer = new HashingVectorizer(options);
  expectSparse(vectorizer.transform(texts), out);
  // Whatever rows are together.
  for (const [i, text] of texts.entries()) {
    const [alone, slice] = [
      vectorizer.transform([text]).toCSR(),
      vectorizer
        .transform(texts)
        .slice(i, i + 1)
        .toCSR(),
    ];
    expect(alone).toEqual(slice);
  }
});

test.each(named<{ options: object; names: string[]; out: Sparse }>(fixtures.counts))(
  'CountVectorizer %s',
  (_, { options, names, out }) => {
    const vectorizer = new CountVectorizer(options);
    expectSparse(vectorizer.fitTransform(texts), out);
    expect(vectorizer.getFeatureNamesOut()).toEqual(names);
    expectSparse(vectorizer.transform(texts), out);
    expect(vectorizer.nFeaturesOut).toBe(names.length);
  },
);

describe.each(named<{ options: object; idf: number[] | null; out: Sparse }>(fixtures.tfidf))(
  'TfidfTransformer %s',
  (_, { options, idf, out }) => {
    const [rows, cols, indptr, indices, data] = fixtures.countMatrix;
    const dense = Array.from({ length: rows }, () => new Array(cols).fill(0));
    for (let i = 0; i < rows; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) dense[i][indices[e]] = data[e];

    test('weights and rows', () => {
      const transformer = new TfidfTransformer(options).fit(dense);
      if (idf) expectClose(transformer.idf, idf, 2 ** -52);
      else expect(transformer.idf).toBeUndefined();
      // A logarithm's last place, twice, and the norm's.
      expectSparse(transformer.transform(dense), out, 4 * 2 ** -52);
    });
  },
);

test('TfidfVectorizer', () => {
  const { options, out, names, idf } = fixtures.tfidfVectorizer;
  const vectorizer = new TfidfVectorizer(options);
  expectSparse(vectorizer.fitTransform(fixtures.short), out, 4 * 2 ** -52);
  expect(vectorizer.getFeatureNamesOut()).toEqual(names);
  expectClose(vectorizer.idf, idf, 2 ** -52);
  const both = new TfidfTransformer({ sublinearTf: true });
  const counts = new CountVectorizer({ ngramRange: [1, 2] });
  expect(both.fitTransform(counts.fitTransform(fixtures.short)).toCSR()).toEqual(
    vectorizer.transform(fixtures.short).toCSR(),
  );
});
