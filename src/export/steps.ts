// Transformers as steps: few forms, to which all that can be exported comes down. src/portable/steps.ts has each as JavaScript, onnx/steps.ts
// as operators.

import {
  type Cell,
  ColumnTransformer,
  MaxAbsScaler,
  MinMaxScaler,
  OneHotEncoder,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
} from '../model/index.js';
import { ExportError } from './errors.js';

type Numbers = readonly number[] | null;
type Kind = 'number' | 'string' | 'boolean';

/** x less `subtract`, divided by `divide`, a number for each column. */
export interface SubtractDivide {
  readonly form: 'subtractDivide';
  readonly subtract: Numbers;
  readonly divide: Numbers;
}

/** x times `multiply`, and `add` more; clipped to a range if there is one. */
export interface MultiplyAdd {
  readonly form: 'multiplyAdd';
  readonly multiply: Numbers;
  readonly add: Numbers;
  readonly range: readonly [number, number] | null;
}

export interface Impute {
  readonly form: 'impute';
  /** Whether all columns are taken as numbers. */
  readonly numeric: boolean;
  /** What gaps become; null: the column is left out. */
  readonly fills: readonly (string | number | boolean | null)[];
  readonly kinds: readonly Kind[];
  /** Columns of which a flag behind the others says whether there was a gap. */
  readonly indicated: readonly number[];
}

export interface Categories {
  /** null among them stands for gaps. */
  readonly categories: readonly (string | number | boolean | null)[];
  /** Of each its place among the columns that come of it; -1: none. */
  readonly places: readonly number[];
  readonly width: number;
  /** The place of what is none of them; -1: none; -2: it is refused. */
  readonly unknown: number;
}

export interface OneHot {
  readonly form: 'oneHot';
  readonly features: readonly Categories[];
  readonly single: boolean;
}

/** Some columns through some steps each, and what comes of them side by side. */
export interface Columns {
  readonly form: 'columns';
  readonly parts: readonly { readonly columns: readonly number[]; readonly steps: readonly Step[] }[];
}

export type Step = SubtractDivide | MultiplyAdd | Impute | OneHot | Columns;

/** What can be exported, in words. */
const KNOWN =
  'StandardScaler, MinMaxScaler, RobustScaler, MaxAbsScaler, SimpleImputer, OneHotEncoder, ColumnTransformer';

const listed = (numbers: ArrayLike<number> | undefined): Numbers => (numbers ? Array.from(numbers) : null);
const subtractDivide = (subtract: Numbers, divide: Numbers): SubtractDivide => ({
  form: 'subtractDivide',
  subtract,
  divide,
});
const multiplyAdd = (multiply: Numbers, add: Numbers, range: MultiplyAdd['range'] = null): MultiplyAdd => ({
  form: 'multiplyAdd',
  multiply,
  add,
  range,
});

const meanOf = (scaler: StandardScaler) => listed(scaler.withMean ? scaler.mean : undefined);

function imputeOf(imputer: SimpleImputer): Impute {
  const {
    strategy,
    kinds = [],
    indicated = [],
  } = imputer.toJSON() as { strategy: string; kinds?: Kind[]; indicated?: number[] };
  return {
    form: 'impute',
    numeric: ['mean', 'median'].includes(strategy),
    fills: imputer.statistics,
    kinds,
    indicated,
  };
}

function oneHotOf(encoder: OneHotEncoder<boolean>): OneHot {
  const { drop, handleUnknown, infrequentCategories } = encoder;
  const features = encoder.categories.map((categories, j): Categories => {
    const rare = new Set(infrequentCategories[j]);
    const all = categories.length - rare.size + Number(rare.size > 0);
    const omitted = Number(drop === 'first' || (drop === 'ifBinary' && all === 2));
    const width = all - omitted;
    let next = 0 - omitted;
    const places = categories.map((category) => (rare.has(category) ? width - 1 : next++));
    const ofInfrequent = handleUnknown === 'infrequentIfExist' && rare.size > 0 ? width - 1 : -1;
    return { categories, places, width, unknown: handleUnknown === 'error' ? -2 : ofInfrequent };
  });
  return { form: 'oneHot', features, single: encoder.dtype === 'f32' };
}

function columnsOf(transformer: ColumnTransformer): Columns {
  const { fitted = [] } = transformer.toJSON();
  const { namedTransformers } = transformer;
  return {
    form: 'columns',
    parts: fitted.map(({ name, columns }) => ({
      columns,
      steps: namedTransformers[name].map((step) => stepOf(step, `the part "${name}"`)),
    })),
  };
}

/** A transformer that was fitted. @param where it stands, for messages @throws {ExportError} of one that is none of these */
export function stepOf(transformer: unknown, where: string): Step {
  if (transformer instanceof StandardScaler) return subtractDivide(meanOf(transformer), listed(transformer.scale));
  if (transformer instanceof RobustScaler) return subtractDivide(listed(transformer.center), listed(transformer.scale));
  if (transformer instanceof MaxAbsScaler) return subtractDivide(null, listed(transformer.scale));
  if (transformer instanceof MinMaxScaler) {
    const { scale, min, clip, featureRange } = transformer;
    return multiplyAdd(listed(scale), listed(min), clip ? featureRange : null);
  }
  if (transformer instanceof SimpleImputer) return imputeOf(transformer);
  if (transformer instanceof OneHotEncoder) return oneHotOf(transformer);
  if (transformer instanceof ColumnTransformer) return columnsOf(transformer);
  throw new ExportError(`${where} has ${nameOf(transformer)}, which cannot be exported: known are ${KNOWN}`);
}

/** What undoes a scaler of targets. @throws {ExportError} of what is none */
export function undoOf(transformer: unknown): Step {
  if (transformer instanceof StandardScaler) return multiplyAdd(listed(transformer.scale), meanOf(transformer));
  if (transformer instanceof RobustScaler) return multiplyAdd(listed(transformer.scale), listed(transformer.center));
  if (transformer instanceof MaxAbsScaler) return multiplyAdd(listed(transformer.scale), null);
  if (transformer instanceof MinMaxScaler) return subtractDivide(listed(transformer.min), listed(transformer.scale));
  throw new ExportError(
    `the targets are transformed by ${nameOf(transformer)}, which cannot be exported: known are StandardScaler, MinMaxScaler, RobustScaler, MaxAbsScaler`,
  );
}

export const nameOf = (value: unknown): string => {
  const name = Object(value)?.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? name : 'a transformer of your own';
};

/** Of columns what is told of their cells: numbers, or the categories of a kind. */
export interface ColumnKind {
  readonly kind: Kind;
  /** Whether gaps are filled, or are a category; else they are NaN, which spoils the outputs. */
  readonly gaps: boolean;
  readonly categories?: readonly (string | number | boolean | null)[];
}

const NUMBER: ColumnKind = { kind: 'number', gaps: false };

/** What a step takes in column j. */
function kindBy(step: Step | undefined, j: number): ColumnKind {
  if (step?.form === 'impute') return { kind: step.numeric ? 'number' : step.kinds[j], gaps: true };
  if (step?.form === 'oneHot') {
    const { categories } = step.features[j];
    const some: Cell = categories.find((category) => category !== null) ?? '';
    return { kind: typeof some as Kind, gaps: categories.includes(null), categories };
  }
  return NUMBER;
}

/** What each of the columns is; undefined of one that nothing is made of. */
export function kindsOf([first]: readonly Step[], cols: number): (ColumnKind | undefined)[] {
  if (first?.form !== 'columns') return Array.from({ length: cols }, (_, j) => kindBy(first, j));
  const kinds = new Array<ColumnKind | undefined>(cols).fill(undefined);
  for (const { columns, steps } of first.parts) {
    columns.forEach((column, j) => {
      const found = kindBy(steps[0], j);
      // Of two parts over a column the one that says more.
      if (!kinds[column] || found.kind !== 'number') kinds[column] = found;
    });
  }
  return kinds;
}
