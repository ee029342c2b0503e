// What to write instead of what is no matrix. Called on failure alone.

/** Methods by which other matrices become dense ones, or arrays of rows: SparseMatrix; tfjs, ml-matrix, mathjs, numjs. */
const CONVERSIONS = ['toDense', 'arraySync', 'to2DArray', 'toArray', 'tolist'];

function cureOf(value: unknown): string | undefined {
  const { length, 0: first } = value as ArrayLike<unknown>;
  if (length === 0 && typeof value === 'object') return 'no rows are { rows: 0, cols, data: [] }';
  if (typeof first === 'number') {
    const few = [].slice.call(value, 0, 3).map(Number).join(', ');
    return `it is one flat row: write [[${few}${length > 3 ? ', ...' : ''}]]`;
  }
  if (Array.isArray(first) && typeof first[0] === 'object') return 'it has three dimensions: make each row flat';
  const method = CONVERSIONS.find((name) => name in Object(value) && !length);
  if (method) return `pass its ${method}()`;
  return 'stride' in Object(value) ? 'write { rows: shape[0], cols: shape[1], data }, row by row' : undefined;
}

/** `; ` and a cure to append to a message about a matrix; `''` if none is known. It never throws, whatever came. */
export function adviceFor(value: unknown): string {
  try {
    const cure = cureOf(value);
    return cure ? `; ${cure}` : '';
  } catch {
    return ''; // null, or a getter or a proxy that throws
  }
}
