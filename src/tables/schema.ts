// What a model knows of the columns that it was trained on: kept in its file, and held to at each prediction.

/** How a column of the file becomes inputs. */
export type ColumnKind = 'number' | 'boolean' | 'category';

/** A column of the file, and how it becomes inputs. */
export interface ColumnSchema {
  /** As the file calls it. */
  readonly name: string;
  /** How it becomes inputs. */
  readonly kind: ColumnKind;
  /** Of a category: what it may be, in the order of its inputs; others are 'other', if there was one. */
  readonly categories?: readonly string[];
  /** How many categories that were seen share the input 'other'. */
  readonly others?: number;
  /** Gaps among the rows of training, and what they become: undefined where there were none. */
  readonly missing: number;
  /** What a gap becomes. */
  readonly fill?: number | string | boolean;
  /** Of numbers. */
  readonly min?: number;
  /** The greatest. */
  readonly max?: number;
  /** Of the rows of training. */
  readonly mean?: number;
  /** Standard deviation. */
  readonly std?: number;
}

/** The column that is predicted. */
export interface TargetSchema {
  /** As the file calls it. */
  readonly name: string;
  /** Numbers, or classes. */
  readonly kind: 'number' | 'category';
  /** In the order of the model's probabilities. */
  readonly classes?: readonly (string | number | boolean)[];
  /** Rows of each class in training. */
  readonly counts?: readonly number[];
  /** Of numbers. */
  readonly min?: number;
  /** The greatest. */
  readonly max?: number;
  /** Of the rows of training. */
  readonly mean?: number;
  /** Standard deviation. */
  readonly std?: number;
}

/** What becomes of gaps: an error, their rows are left out, or they become the column's mean or median. */
export type Missing = 'error' | 'drop' | 'mean' | 'median';
/** How columns of numbers are scaled: by mean and deviation, to 0 to 1, by median and quartiles, or not. */
export type Scale = 'standard' | 'minmax' | 'robust' | 'none';

/** A column that the file has and the model does not look at, and why. */
export interface Dropped {
  /** As the file calls it. */
  readonly name: string;
  /** In words. */
  readonly why: string;
}

/** All that a model knows of the columns. */
export interface Schema {
  /** Whether classes are predicted, or numbers. */
  readonly task: 'classify' | 'regress';
  /** Of sparse files there is none: their columns are numbers without names. */
  readonly columns: readonly ColumnSchema[];
  /** Of sparse files: how many columns there are. */
  readonly sparseColumns?: number;
  /** What is predicted. */
  readonly target: TargetSchema;
  /** Columns that are not looked at. */
  readonly dropped: readonly Dropped[];
  /** What becomes of gaps. */
  readonly missing: Missing;
  /** How numbers are scaled. */
  readonly scale: Scale;
}
