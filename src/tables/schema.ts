// What a model knows of the columns that it was trained on: kept in its file, and held to at each prediction.

/** How a column of the file becomes inputs. */
export type ColumnKind = 'number' | 'boolean' | 'category';

export interface ColumnSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a category: what it may be, in the order of its inputs; others are 'other', if there was one. */
  readonly categories?: readonly string[];
  /** How many categories that were seen share the input 'other'. */
  readonly others?: number;
  /** Gaps among the rows of training, and what they become: undefined where there were none. */
  readonly missing: number;
  readonly fill?: number | string | boolean;
  /** Of numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly std?: number;
}

export interface TargetSchema {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** In the order of the model's probabilities. */
  readonly classes?: readonly (string | number | boolean)[];
  /** Rows of each class in training. */
  readonly counts?: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly std?: number;
}

export type Missing = 'error' | 'drop' | 'mean' | 'median';
export type Scale = 'standard' | 'minmax' | 'robust' | 'none';

/** A column that the file has and the model does not look at, and why. */
export interface Dropped {
  readonly name: string;
  readonly why: string;
}

export interface Schema {
  readonly task: 'classify' | 'regress';
  /** Of sparse files there is none: their columns are numbers without names. */
  readonly columns: readonly ColumnSchema[];
  readonly sparseColumns?: number;
  readonly target: TargetSchema;
  readonly dropped: readonly Dropped[];
  readonly missing: Missing;
  readonly scale: Scale;
}
