// Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py and _hashing_fast.pyx.

import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkInteger, checkName } from '../../checks/values.js';
import { type Check, flag, integer, oneOf, text } from '../../files/schema.js';
import { INSPECT } from '../../matrix/matrix.js';
import { checkDtype, type Dtype } from '../../matrix/operand.js';
import { create as createSparse, type SparseMatrix } from '../../matrix/sparse.js';
import { SparseBuilder } from '../../matrix/sparse-builder.js';
import { Fitted, show } from '../fitted.js';
import { readJSON, readMembers } from '../fitted-json.js';
import { ANALYZER_OPTIONS, type AnalyzerOptions, analyzerOf, readAnalyzerOptions } from './analyzer.js';
import { textHash } from './murmur.js';
import { NORMS, type Norm, normalizeRows } from './norms.js';
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

const KIND = 'HashingVectorizer';
const OPTIONS = ['nFeatures', ...ANALYZER_OPTIONS, 'binary', 'norm', 'alternateSign', 'dtype'];

/** Columns are 32-bit integers. */
const MOST = 2 ** 31 - 1;

/** Options of {@link HashingVectorizer}. */
export interface HashingVectorizerOptions extends AnalyzerOptions {
  /** How many columns there are. Default: 2 ** 20. */
  nFeatures?: number;
  /** Whether what occurs is 1, however often. Default: false. */
  binary?: boolean;
  /** What each row is divided by. Default: `'l2'`. */
  norm?: Norm;
  /** Whether half of the tokens count negatively, so that those that share a column cancel out on average. Default: true. */
  alternateSign?: boolean;
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
}

/** What {@link HashingVectorizer} is as plain JSON. */
export interface HashingVectorizerJSON extends AnalyzerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  nFeatures: number;
  binary: boolean;
  norm: Norm;
  alternateSign: boolean;
  dtype: Dtype;
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: HashingVectorizerOptions): HashingVectorizer => new HashingVectorizer(options);

/**
 * Texts as sparse rows that count their tokens, each in the column that its hash says (MurmurHash3, 32 bits); scikit-learn's
 * `HashingVectorizer`. It learns nothing and keeps no words: rows are the same whatever other rows there are.
 *
 * @param options nFeatures, lowercase, analyzer, tokenPattern, stopWords, ngramRange, binary, norm, alternateSign, dtype
 * @throws {ValueError|DtypeError} naming the option
 * @example
 * const X = new HashingVectorizer({ nFeatures: 16, norm: null }).transform(['the cat and the dog', 'no']);
 * X.shape; // [2, 16]
 * X.nnz; // 5
 */
export class HashingVectorizer extends Fitted<object> {
  readonly nFeatures: number;
  declare readonly lowercase: boolean;
  declare readonly analyzer: 'word' | 'char' | 'charWb';
  declare readonly tokenPattern: RegExp;
  declare readonly stopWords: readonly string[] | null;
  declare readonly ngramRange: readonly [number, number];
  readonly binary: boolean;
  readonly norm: Norm;
  readonly alternateSign: boolean;
  readonly dtype: Dtype;

  constructor(options: HashingVectorizerOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { nFeatures = 2 ** 20, binary = false, norm = 'l2', alternateSign = true, dtype = 'f64' } = given;
    this.nFeatures = checkInteger(nFeatures, 'nFeatures', 1, MOST);
    Object.assign(this, readAnalyzerOptions(given));
    this.binary = checkFlag(binary, 'binary');
    this.norm = norm === null ? norm : checkName(norm, NORMS, 'norm', ', or null');
    this.alternateSign = checkFlag(alternateSign, 'alternateSign');
    this.dtype = checkDtype(dtype);
  }

  /** @internal */
  protected override options() {
    const { nFeatures, binary, norm, alternateSign, dtype } = this;
    return { nFeatures, ...analyzerOptionsOf(this), binary, norm, alternateSign, dtype };
  }

  override [INSPECT](): string {
    return show(KIND, shown(this.options()), undefined);
  }

  /** 1: texts are one column. */
  override get nFeaturesIn(): number {
    return 1;
  }

  override get nFeaturesOut(): number {
    return this.nFeatures;
  }

  /** Hashed columns have numbers for names: hash0, hash1, ... */
  override getFeatureNamesOut(_features?: readonly string[]): string[] {
    return Array.from({ length: this.nFeatures }, (_, j) => `hash${j}`);
  }

  /** Looks whether X are texts: there is nothing to learn. @throws {ShapeError|ValueError} naming the place */
  fit(X: TextInput): this {
    readTexts(X, 'X');
    return this;
  }

  /** Rows x nFeatures. @throws {ShapeError|ValueError} naming the place where there is no text */
  transform(X: TextInput): SparseMatrix {
    const texts = readTexts(X, 'X');
    const { nFeatures, binary, norm, alternateSign, dtype } = this;
    const tokensOf = analyzerOf(this);
    const hash = textHash();
    const rows = new SparseBuilder(texts.length, dtype);
    const counts = new Map<number, number>();
    for (const each of texts) {
      counts.clear();
      for (const token of tokensOf(each)) {
        const code = hash(token);
        const column = Math.abs(code) % nFeatures;
        counts.set(column, binary ? 1 : (counts.get(column) ?? 0) + (alternateSign && code < 0 ? -1 : 1));
      }
      rows.addRow(counts);
    }
    const parts = rows.finish();
    normalizeRows(parts, norm);
    return createSparse(texts.length, nFeatures, parts);
  }

  /** The same. */
  fitTransform(X: TextInput): SparseMatrix {
    return this.transform(X);
  }

  /** One with the same options. */
  clone(): HashingVectorizer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back. */
  toJSON(): HashingVectorizerJSON {
    return { ...this.options(), kind: KIND, ...analyzerJSON(this) };
  }

  /** The vectorizer that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: HashingVectorizerJSON | string): HashingVectorizer {
    return create(
      readMembers(readJSON<HashingVectorizerJSON>(json, KIND), {
        ...analyzerForm,
        nFeatures: integer(1, MOST),
        binary: flag,
        norm: orNull(oneOf(...NORMS)),
        alternateSign: flag,
        dtype: text as Check<Dtype>,
      }),
    );
  }
}
