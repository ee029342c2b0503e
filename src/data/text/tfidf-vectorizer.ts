// Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py.

import { ShapeError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { type Check, table } from '../../files/schema.js';
import { INSPECT } from '../../matrix/matrix.js';
import type { Dtype, TypedArray } from '../../matrix/operand.js';
import type { SparseMatrix } from '../../matrix/sparse.js';
import { Fitted, show } from '../fitted.js';
import { readJSON, readMembers } from '../fitted-json.js';
import {
  COUNT_OPTIONS,
  CountVectorizer,
  type CountVectorizerJSON,
  type CountVectorizerOptions,
} from './count-vectorizer.js';
import type { Norm } from './norms.js';
import { readTexts, shown, type TextInput } from './texts.js';
import {
  TFIDF_OPTIONS,
  TfidfTransformer,
  type TfidfTransformerJSON,
  type TfidfTransformerOptions,
} from './tfidf-transformer.js';

const KIND = 'TfidfVectorizer';

/** Options of {@link TfidfVectorizer}: those of the two that it is made of. */
export interface TfidfVectorizerOptions extends CountVectorizerOptions, TfidfTransformerOptions {}

/** What {@link TfidfVectorizer} is as plain JSON. */
export interface TfidfVectorizerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  /** What counts terms. */
  counts: CountVectorizerJSON;
  /** What weighs the counts. */
  weights: TfidfTransformerJSON;
}

interface Both {
  readonly counts: CountVectorizer;
  readonly weights: TfidfTransformer;
}

const pick = <Name extends string>(from: object, names: readonly Name[]) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name as Name)));

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: TfidfVectorizerOptions): TfidfVectorizer => new TfidfVectorizer(options);

/**
 * A CountVectorizer and a TfidfTransformer one after the other; scikit-learn's `TfidfVectorizer`.
 *
 * @param options those of both
 * @throws {ValueError|DtypeError} naming the option
 * @example
 * const words = new TfidfVectorizer({ norm: 'l1' });
 * words.fitTransform(['a cat', 'no cat']).toDense().toArray()[0]; // [1, 0]
 * words.getFeatureNamesOut(); // ['cat', 'no']
 */
export class TfidfVectorizer extends Fitted<Both> {
  declare readonly lowercase: boolean;
  declare readonly analyzer: 'word' | 'char' | 'charWb';
  declare readonly tokenPattern: RegExp;
  declare readonly stopWords: readonly string[] | null;
  declare readonly ngramRange: readonly [number, number];
  declare readonly minDf: number;
  declare readonly maxDf: number;
  declare readonly maxFeatures: number | null;
  declare readonly vocabulary: readonly string[] | null;
  declare readonly binary: boolean;
  declare readonly dtype: Dtype;
  declare readonly norm: Norm;
  declare readonly useIdf: boolean;
  declare readonly smoothIdf: boolean;
  declare readonly sublinearTf: boolean;

  constructor(options: TfidfVectorizerOptions = {}) {
    super(KIND);
    const given = readOptions(options, [...COUNT_OPTIONS, ...TFIDF_OPTIONS], KIND);
    // What they made of their options are this one's.
    Object.assign(this, pick(new CountVectorizer(pick(given, COUNT_OPTIONS)), COUNT_OPTIONS));
    Object.assign(this, pick(new TfidfTransformer(pick(given, TFIDF_OPTIONS)), TFIDF_OPTIONS));
  }

  #blank(): Both {
    const options = this.options();
    return {
      counts: new CountVectorizer(pick(options, COUNT_OPTIONS)),
      weights: new TfidfTransformer(pick(options, TFIDF_OPTIONS)),
    };
  }

  /** @internal */
  protected override options(): TfidfVectorizerOptions {
    return pick(this, [...COUNT_OPTIONS, ...TFIDF_OPTIONS]);
  }

  override [INSPECT](): string {
    return show(KIND, shown(this.options()), this.maybeLearnt?.counts.nFeaturesOut, 'terms');
  }

  /** Each term's weight; undefined without useIdf. @throws {NotFittedError} */
  get idf(): TypedArray | undefined {
    return this.learnt.weights.idf;
  }

  override get nFeaturesOut(): number {
    return this.learnt.counts.nFeaturesOut;
  }

  /** The terms, in the order of their columns. @throws {NotFittedError} */
  override getFeatureNamesOut(_features?: readonly string[]): string[] {
    return this.learnt.counts.getFeatureNamesOut();
  }

  /** Takes the terms of these texts, and their weights. @throws what the two throw */
  fit(X: TextInput): this {
    this.fitTransform(X);
    return this;
  }

  /** Rows x terms. @throws what the two throw */
  transform(X: TextInput): SparseMatrix {
    const { counts, weights } = this.learnt;
    return weights.transform(counts.transform(X));
  }

  /** fit and transform. */
  fitTransform(X: TextInput): SparseMatrix {
    const { counts, weights } = this.#blank();
    const counted = counts.fitTransform(readTexts(X, 'X'));
    const result = weights.fitTransform(counted);
    this.keep({ counts, weights }, { cols: 1 });
    return result;
  }

  /** One with the same options that was not fitted. */
  clone(): TfidfVectorizer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits. */
  toJSON(): TfidfVectorizerJSON {
    const { counts, weights } = this.maybeLearnt ?? this.#blank();
    return { kind: KIND, counts: counts.toJSON(), weights: weights.toJSON() };
  }

  /** The vectorizer that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: TfidfVectorizerJSON | string): TfidfVectorizer {
    const any = table((each) => each) as unknown as Check<never>;
    const read = readMembers<{ counts: never; weights: never }>(readJSON<TfidfVectorizerJSON>(json, KIND), {
      counts: any,
      weights: any,
    });
    const [counts, weights] = [CountVectorizer.fromJSON(read.counts), TfidfTransformer.fromJSON(read.weights)];
    const vectorizer = create({ ...pick(counts, COUNT_OPTIONS), ...pick(weights, TFIDF_OPTIONS) });
    if (!Object.hasOwn(read.weights, 'cols')) return vectorizer;
    if (weights.nFeaturesIn === counts.nFeaturesOut) return vectorizer.keep({ counts, weights }, { cols: 1 });
    throw new ShapeError(
      `"json.weights" is of ${weights.nFeaturesIn} columns, but there are ${counts.nFeaturesOut} terms`,
    );
  }
}
