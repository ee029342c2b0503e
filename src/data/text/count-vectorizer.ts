// Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkInteger, isInteger, refuseValue } from '../../checks/values.js';
import { type Check, flag, integer, list, mismatch, number, optional, text } from '../../files/schema.js';
import { INSPECT } from '../../matrix/matrix.js';
import { checkDtype, type Dtype } from '../../matrix/operand.js';
import { create as createSparse, type SparseMatrix } from '../../matrix/sparse.js';
import { SparseBuilder } from '../../matrix/sparse-builder.js';
import { Fitted, show } from '../fitted.js';
import { readJSON, readMembers } from '../fitted-json.js';
import { ANALYZER_OPTIONS, type AnalyzerOptions, analyzerOf, readAnalyzerOptions, readTextList } from './analyzer.js';
import {
  type AnalyzerJSON,
  analyzerForm,
  analyzerJSON,
  analyzerOptionsOf,
  orNull,
  readTexts,
  shown,
  type TextInput,
} from './texts.js';
import { learnTerms } from './vocabulary.js';

const KIND = 'CountVectorizer';
export const COUNT_OPTIONS = [
  ...ANALYZER_OPTIONS,
  'minDf',
  'maxDf',
  'maxFeatures',
  'vocabulary',
  'binary',
  'dtype',
] as const;

/** Options of {@link CountVectorizer}. */
export interface CountVectorizerOptions extends AnalyzerOptions {
  /** Terms in fewer texts are left out; below 1 it is a part of the texts. Default: 1. */
  minDf?: number;
  /** Terms in more texts are left out; up to 1 it is a part of the texts. Default: 1, all of them. */
  maxDf?: number;
  /** The most terms that are kept: the most frequent ones, of equal ones the first. Default: no limit. */
  maxFeatures?: number | null;
  /** The terms in the order of their columns, so that nothing is to be learnt. Default: those that occur, in order. */
  vocabulary?: readonly string[] | null;
  /** Whether what occurs is 1, however often. Default: false. */
  binary?: boolean;
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
}

/** What {@link CountVectorizer} is as plain JSON. */
export interface CountVectorizerJSON extends AnalyzerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  minDf: number;
  maxDf: number;
  maxFeatures: number | null;
  vocabulary: string[] | null;
  binary: boolean;
  dtype: Dtype;
  /** What was learnt: none before fit, and of a vocabulary that was given. */
  terms?: string[];
}

interface Terms {
  readonly terms: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

const placed = (terms: readonly string[]): Terms => ({ terms, places: new Map(terms.map((term, j) => [term, j])) });

/** Texts that are there, each once. @throws {ValueError} */
function readVocabulary(value: unknown): readonly string[] {
  const terms = readTextList(value, 'vocabulary');
  if (terms.length === 0) throw new ValueError('"vocabulary" has no terms');
  const { places } = placed(terms);
  const twice = terms.findIndex((term, j) => places.get(term) !== j);
  if (twice >= 0) throw new ValueError(`"vocabulary"[${twice}] is ${describe(terms[twice])}, which comes again`);
  return Object.freeze(terms);
}

const termsForm: Check<string[]> = (value, path) => {
  const terms = list(text)(value, path);
  return terms.length > 0 && new Set(terms).size === terms.length ? terms : mismatch(path, 'must be different texts');
};

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: CountVectorizerOptions): CountVectorizer => new CountVectorizer(options);

/**
 * Texts as sparse rows that count their terms, a column each; scikit-learn's `CountVectorizer`.
 *
 * @param options lowercase, analyzer, tokenPattern, stopWords, ngramRange, minDf, maxDf, maxFeatures, vocabulary, binary, dtype
 * @throws {ValueError|DtypeError} naming the option
 * @example
 * const words = new CountVectorizer();
 * words.fitTransform(['one fish two fish', 'red fish']).toDense().toArray(); // [[2, 1, 0, 1], [1, 0, 1, 0]]
 * words.getFeatureNamesOut(); // ['fish', 'one', 'red', 'two']
 */
export class CountVectorizer extends Fitted<Terms> {
  declare readonly lowercase: boolean;
  declare readonly analyzer: 'word' | 'char' | 'charWb';
  declare readonly tokenPattern: RegExp;
  declare readonly stopWords: readonly string[] | null;
  declare readonly ngramRange: readonly [number, number];
  readonly minDf: number;
  readonly maxDf: number;
  readonly maxFeatures: number | null;
  readonly vocabulary: readonly string[] | null;
  readonly binary: boolean;
  readonly dtype: Dtype;

  constructor(options: CountVectorizerOptions = {}) {
    super(KIND);
    const given = readOptions(options, COUNT_OPTIONS, KIND);
    const { minDf = 1, maxDf = 1, maxFeatures = null, vocabulary = null, binary = false, dtype = 'f64' } = given;
    Object.assign(this, readAnalyzerOptions(given));
    const isPart = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1;
    if (!isInteger(minDf, 1) && !isPart(minDf)) {
      refuseValue('minDf', 'a number of texts, or a part of them from 0 to below 1', minDf);
    }
    if (!isInteger(maxDf, 1) && !isPart(maxDf)) {
      refuseValue('maxDf', 'a part of the texts from 0 to 1, or a number of them above 1', maxDf);
    }
    this.minDf = minDf;
    this.maxDf = maxDf;
    this.maxFeatures = maxFeatures === null ? null : checkInteger(maxFeatures, 'maxFeatures', 1);
    this.vocabulary = vocabulary === null ? null : readVocabulary(vocabulary);
    this.binary = checkFlag(binary, 'binary');
    this.dtype = checkDtype(dtype);
    if (this.vocabulary) this.keep(placed(this.vocabulary), { cols: 1 });
  }

  /** @internal */
  protected override options() {
    const { minDf, maxDf, maxFeatures, vocabulary, binary, dtype } = this;
    return { ...analyzerOptionsOf(this), minDf, maxDf, maxFeatures, vocabulary, binary, dtype };
  }

  override [INSPECT](): string {
    return show(KIND, shown(this.options()), this.maybeLearnt?.terms.length, 'terms');
  }

  override get nFeaturesOut(): number {
    return this.learnt.terms.length;
  }

  /** The terms, in the order of their columns. @throws {NotFittedError} */
  override getFeatureNamesOut(_features?: readonly string[]): string[] {
    return [...this.learnt.terms];
  }

  /**
   * Takes the terms of these texts, in the order of their characters; of a vocabulary that was given, nothing.
   *
   * @throws {ShapeError|ValueError} naming the place; {ValueError} if no term is left
   */
  fit(X: TextInput): this {
    if (this.vocabulary) readTexts(X, 'X');
    else this.fitTransform(X);
    return this;
  }

  /** Rows x terms; terms that fit did not see are left out. @throws {NotFittedError}; {ShapeError|ValueError} naming the place */
  transform(X: TextInput): SparseMatrix {
    const { terms, places } = this.learnt;
    const texts = readTexts(X, 'X');
    const { binary, dtype } = this;
    const tokensOf = analyzerOf(this);
    const rows = new SparseBuilder(texts.length, dtype);
    const counts = new Map<number, number>();
    for (const each of texts) {
      counts.clear();
      for (const token of tokensOf(each)) {
        const column = places.get(token);
        if (column !== undefined) counts.set(column, binary ? 1 : (counts.get(column) ?? 0) + 1);
      }
      rows.addRow(counts);
    }
    return createSparse(texts.length, terms.length, rows.finish());
  }

  /** fit and transform. */
  fitTransform(X: TextInput): SparseMatrix {
    const texts = readTexts(X, 'X');
    if (this.vocabulary) return this.transform(texts);
    const { terms, rows } = learnTerms(texts, analyzerOf(this), this);
    this.keep(placed(terms), { cols: 1 });
    return createSparse(texts.length, terms.length, rows);
  }

  /** One with the same options that was not fitted. */
  clone(): CountVectorizer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back; before fit the options alone. */
  toJSON(): CountVectorizerJSON {
    const { vocabulary, maybeLearnt: state } = this;
    return {
      ...this.options(),
      kind: KIND,
      ...analyzerJSON(this),
      vocabulary: vocabulary && [...vocabulary],
      ...(state && !vocabulary && { terms: [...state.terms] }),
    };
  }

  /** The vectorizer that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: CountVectorizerJSON | string): CountVectorizer {
    const { terms, ...options } = readMembers(readJSON<CountVectorizerJSON>(json, KIND), {
      ...analyzerForm,
      minDf: number,
      maxDf: number,
      maxFeatures: orNull(integer(1)),
      vocabulary: orNull(termsForm),
      binary: flag,
      dtype: text as Check<Dtype>,
      terms: optional(termsForm),
    });
    const vectorizer = create(options);
    return terms && !options.vocabulary ? vectorizer.keep(placed(terms), { cols: 1 }) : vectorizer;
  }
}
