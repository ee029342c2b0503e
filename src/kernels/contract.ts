/**
 * The numeric contract of the kernels, which every backend implements under the same names, with the same bits; their tables
 * are core.ts and training.ts.
 *
 * 1. Every operation is IEEE-754 binary64 or binary32, rounded to nearest, ties to even. Nothing is fused, relaxed or
 *    reassociated beyond what stands here. In TypeScript an f32 operation is `Math.fround` of the f64 one, which is exact
 *    for + - * / (Figueroa 1995).
 * 2. Product. C[i,j] is one accumulator that starts at +0 and adds A[i,k] * B[k,j] for k ascending. So row i of a result
 *    depends on row i of A alone, whatever the batch.
 * 3. Sums over rows (of weight and bias gradients and of losses). Rows are cut into tiles of 256 in their order; within a
 *    tile one accumulator for each element, which starts at +0, rows ascending; tiles combine by the canonical tree.
 *    Sums along a row (of a row's loss, of softmax) are one accumulator from +0, columns ascending.
 * 4. Sums over vectors. Blocks of 4,096 elements; within a block 16 lanes, which start at +0, lane l adding the elements
 *    l, l + 16, ...; lanes combine l with l + 8, then l + 4, l + 2, l + 1; blocks combine by the canonical tree.
 *    The canonical tree over n leaves splits at the largest power of two below n.
 * 5. exp, expm1, log, log1p, sigmoid and tanh are ours: one algorithm and one table of constants (constants.ts),
 *    exp, log and log1p within 1 ulp and the others within 2 ulp of the true value in both dtypes, subnormals included.
 * 6. NaN in gives NaN out, its payload unspecified, but where a formula selects; every other bit is fixed, the sign of zero
 *    too.
 *    sigmoid(+Infinity) = 1, sigmoid(-Infinity) = 0.
 *
 * A change that alters any bit raises CONTRACT_VERSION.
 *
 * Conventions for every kernel
 *
 * Addresses are bytes from the start of linear memory, multiples of the element size. Matrices are row-major, leading
 * dimensions count elements. A kernel reads its inputs and writes its outputs, nothing else: it allocates nothing, checks
 * nothing, and keeps nothing. It may load, and ignore, up to SLACK bytes behind an input. An output may be an input of the same
 * shape, where the kernel takes no scratch memory; any other overlap is the caller's error. Expressions in the tables are
 * evaluated as they are written, every operation rounded; `z > 0 ? a : b` selects bits.
 */
export const CONTRACT_VERSION = 2;

/** Elements in one block of a sum over a vector (contract rule 4). */
export const BLOCK = 4096;

/** Bytes of linear memory that must lie behind every operand. */
export const SLACK = 128;

/** Rows in one tile of a sum over rows (contract rule 3). */
export const TILE = 256;

/** What numbers are: doubles, or floats of 32 bits. */
export type Dtype = 'f64' | 'f32';

/** Arrays that hold numbers of either dtype. */
export type TypedArray = Float64Array | Float32Array;

/** The array that holds numbers of this dtype. */
export type ArrayOf<D extends Dtype> = D extends 'f32' ? Float32Array : Float64Array;
