// Rows of which one number in a hundred is not zero, and the network over them.

/** As `SparseRows` of contest/python.py draws them, too: NumPy's legacy generator. */
export interface Task {
  dtype: 'f32';
  rows: number;
  inputs: number;
  hidden: number;
  /** Numbers drawn for each row; those that fall on one place are one. */
  drawn: number;
  seed: number;
  [key: string]: unknown;
}
