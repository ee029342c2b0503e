// Labels as numbers, and back.
// Source: scikit-learn 1.2.1, sklearn/preprocessing/_label.py.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkInteger, isInteger } from '../checks/values.js';
import { type Check, text } from '../files/schema.js';
import { countRows, type NumberArray, readFinite } from '../matrix/copies.js';
import { INSPECT, Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, type MatrixInput, newArray } from '../matrix/operand.js';
import { argmax } from '../numbers/argmax.js';
import { checkFitted, FITTED_ADVICE, show } from './fitted.js';
import { classList, column, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { codesOf, type Label, readLabels } from './labels.js';

/** What {@link LabelEncoder} is as plain JSON. */
export interface LabelEncoderJSON {
  /** Tells it from what other classes write. */
  kind: 'LabelEncoder';
  /** None before fit. */
  classes?: Label[];
}

// Outside the class, as src/matrix/matrix.ts says.
const labelEncoder = (): LabelEncoder => new LabelEncoder();

/**
 * Labels as integers from 0, in the order of the sorted classes; scikit-learn's `LabelEncoder`.
 *
 * @example
 * const encoder = new LabelEncoder();
 * Array.from(encoder.fitTransform(['b', 'a', 'b'])); // [1, 0, 1]
 * encoder.inverseTransform([0]); // ['a']
 */
export class LabelEncoder {
  #classes: Label[] | undefined;

  constructor() {
    refuseCloning(this, FITTED_ADVICE);
  }

  /** The classes in order. @throws {NotFittedError} */
  get classes(): Label[] {
    return checkFitted(this.#classes, 'LabelEncoder');
  }

  /** Takes the classes of y. @throws {ShapeError|ValueError} if it is empty, mixes kinds or has what is no label */
  fit(y: ArrayLike<Label>): this {
    this.#classes = readLabels(y, 'y', false).classes;
    return this;
  }

  /** Each label's place among the classes. @throws {NotFittedError}; {ValueError} at a label that fit did not see */
  transform(y: ArrayLike<Label>): Int32Array {
    const { classes } = this;
    if (countRows(y, 'y') === 0) return new Int32Array(0);
    const codes = codesOf(readLabels(y, 'y', false).labels, classes);
    const unknown = codes.indexOf(-1);
    if (unknown >= 0) throw new ValueError(`"y"[${unknown}] is ${describe(y[unknown])}, which fit did not see`);
    return codes;
  }

  /** fit and transform. */
  fitTransform(y: ArrayLike<Label>): Int32Array {
    return this.fit(y).transform(y);
  }

  /** The labels at these places. @throws {NotFittedError}; {ValueError} at what is no class's place */
  inverseTransform(codes: NumberArray): Label[] {
    const { classes } = this;
    const last = classes.length - 1;
    return Array.from(codes, (code, i) => {
      return classes[isInteger(code, 0, last) ? code : checkInteger(code, 'codes', 0, last, `[${i}]`)];
    });
  }

  [INSPECT](): string {
    return show('LabelEncoder', {}, this.#classes?.length, 'classes');
  }

  /** Plain JSON, which fromJSON takes back. */
  toJSON(): LabelEncoderJSON {
    return { kind: 'LabelEncoder', ...(this.#classes && { classes: [...this.#classes] }) };
  }

  /** The encoder that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: LabelEncoderJSON | string): LabelEncoder {
    const encoder = labelEncoder();
    const source = readJSON<LabelEncoderJSON>(json, 'LabelEncoder');
    if (Object.hasOwn(source, 'classes')) encoder.#classes = readMembers(source, { classes: classList }).classes;
    return encoder;
  }
}

/** Options of {@link LabelBinarizer}. */
export interface LabelBinarizerOptions {
  /** Default: 0. */
  negLabel?: number;
  /** Default: 1. */
  posLabel?: number;
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
}

/** What {@link LabelBinarizer} is as plain JSON. */
export interface LabelBinarizerJSON {
  /** Tells it from what other classes write. */
  kind: 'LabelBinarizer';
  negLabel: JSONNumber;
  posLabel: JSONNumber;
  dtype: Dtype;
  /** None before fit. */
  classes?: Label[];
}

// Outside the class, as src/matrix/matrix.ts says.
const labelBinarizer = (options: LabelBinarizerOptions): LabelBinarizer => new LabelBinarizer(options);

/**
 * Labels as rows of a matrix, posLabel in the class's column; scikit-learn's `LabelBinarizer`. Two classes share one column,
 * which is posLabel for the greater; of one class it is negLabel.
 *
 * @param options negLabel (default 0), posLabel (default 1), dtype (default `'f64'`)
 * @throws {ValueError} unless both are finite and negLabel is below posLabel; {DtypeError}
 * @example
 * new LabelBinarizer().fitTransform(['b', 'c', 'a']).toArray(); // [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
 * new LabelBinarizer().fitTransform(['no', 'yes']).toArray(); // [[0], [1]]
 */
export class LabelBinarizer {
  readonly negLabel: number;
  readonly posLabel: number;
  readonly dtype: Dtype;
  #classes: Label[] | undefined;

  constructor(options: LabelBinarizerOptions = {}) {
    const known = readOptions(options, ['negLabel', 'posLabel', 'dtype'], 'LabelBinarizer');
    const { negLabel = 0, posLabel = 1, dtype = 'f64' } = known;
    if (!(Number.isFinite(negLabel) && Number.isFinite(posLabel) && negLabel < posLabel)) {
      const got = `${describe(negLabel)} and ${describe(posLabel)}`;
      throw new ValueError(`"negLabel" must be a finite number below "posLabel", got ${got}`);
    }
    this.negLabel = negLabel;
    this.posLabel = posLabel;
    this.dtype = checkDtype(dtype);
    refuseCloning(this, FITTED_ADVICE);
  }

  /** The classes in order. @throws {NotFittedError} */
  get classes(): Label[] {
    return checkFitted(this.#classes, 'LabelBinarizer');
  }

  /** Takes the classes of y. @throws {ShapeError|ValueError} if empty, of mixed kinds, or numbers that are no integers */
  fit(y: ArrayLike<Label>): this {
    this.#classes = readLabels(y, 'y').classes;
    return this;
  }

  /**
   * One row a label: rows x 1 for two classes or one, else rows x classes. A label that fit did not see is negLabel
   * throughout, as in scikit-learn: of two classes it reads as the lesser.
   *
   * @throws {NotFittedError}; {ShapeError|ValueError} as fit
   */
  transform(y: ArrayLike<Label>): Matrix {
    const { classes } = this;
    const codes = codesOf(readLabels(y, 'y').labels, classes);
    const cols = classes.length > 2 ? classes.length : 1;
    const data = newArray(this.dtype, codes.length * cols).fill(this.negLabel);
    codes.forEach((code, i) => {
      if (cols > 1 && code >= 0) data[i * cols + code] = this.posLabel;
      else if (code === 1) data[i] = this.posLabel;
    });
    return new Matrix(codes.length, cols, data);
  }

  /** fit and transform. */
  fitTransform(y: ArrayLike<Label>): Matrix {
    return this.fit(y).transform(y);
  }

  /**
   * Each row's label: of three classes or more, that of the greatest element (the first of equal ones); of two, the greater
   * where the element is above the threshold, which may also be the second of two columns.
   *
   * @param Y rows x classes; for two classes rows x 1, rows x 2 or a vector
   * @param threshold default: half way from negLabel to posLabel
   * @throws {NotFittedError}; {ShapeError} if the columns do not fit
   */
  inverseTransform(Y: MatrixInput | NumberArray, threshold = (this.posLabel + this.negLabel) / 2): Label[] {
    const { classes } = this;
    const { rows, cols, data } = readFinite(Y, 'Y');
    if (classes.length > 2 ? cols !== classes.length : cols > 2) {
      throw new ShapeError(`"Y" has ${cols} columns, but there are ${classes.length} classes`);
    }
    return Array.from({ length: rows }, (_, i) => {
      if (classes.length === 1) return classes[0];
      if (classes.length === 2) return classes[data[i * cols + cols - 1] > threshold ? 1 : 0];
      return classes[argmax(data, i * cols, cols)];
    });
  }

  [INSPECT](): string {
    const { negLabel, posLabel, dtype } = this;
    return show('LabelBinarizer', { negLabel, posLabel, dtype }, this.#classes?.length, 'classes');
  }

  /** Plain JSON, which fromJSON takes back; before fit the options alone. */
  toJSON(): LabelBinarizerJSON {
    const [negLabel, posLabel] = encodeNumbers(Float64Array.of(this.negLabel, this.posLabel));
    const options = { kind: 'LabelBinarizer', negLabel, posLabel, dtype: this.dtype } as const;
    return this.#classes ? { ...options, classes: [...this.#classes] } : options;
  }

  /** The binarizer that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: LabelBinarizerJSON | string): LabelBinarizer {
    const source = readJSON<LabelBinarizerJSON>(json, 'LabelBinarizer');
    const number: Check<number> = (value, path) => column(1)([value], path)[0];
    const form = { negLabel: number, posLabel: number, dtype: text as Check<Dtype> };
    const fitted = Object.hasOwn(source, 'classes');
    const members = fitted
      ? readMembers(source, { ...form, classes: classList })
      : { ...readMembers(source, form), classes: undefined };
    const { negLabel, posLabel, dtype, classes } = members;
    const binarizer = labelBinarizer({ negLabel, posLabel, dtype });
    if (classes) binarizer.#classes = classes;
    return binarizer;
  }
}
