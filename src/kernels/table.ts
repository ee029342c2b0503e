/**
 * How a line of a table says what a kernel takes and gives, and the type of a kernel from its line. signature.ts reads the same
 * at run time, for who needs that: the build, tests and benchmarks, and training.
 *
 * `'rows inputs units | x:rows*inputs w:inputs*units b?:units -> z:rows*units work'`: sizes and scalars, then the addresses of
 * what is read, then of what is written, all in the order of the arguments. A word is
 *
 * | word           | an argument                                                                               |
 * |----------------|-------------------------------------------------------------------------------------------|
 * | `n`            | a size; `n<=4096` at most that, `lda>=k` at least as much as another size                 |
 * | `alpha:T`      | a scalar, which is rounded to the dtype; `alpha:f64` is not; `delta>0:T` is positive      |
 * | `first:row`    | a scalar that is not rounded: the number of the first of the rows, which those of others follow |
 * | `x:rows*cols`  | the address of so many elements                                                           |
 * | `b?:units`     | an address that may be 0: then it is not there                                            |
 * | `i:rows<m`     | the address of so many 32-bit integers, from 0 to below m; a size that is no argument (m) stands for any |
 * | `p:rows^n`     | the address of 32-bit offsets, one more than rows: ascending, from 0 to n at most                |
 * | `+y:n`         | the address of what is read before it is written                                          |
 * | `work`         | the address of the backend's `workBytes` bytes of scratch memory                          |
 *
 * and, as the last one, what the kernel returns: `T` a number of the dtype, `flag` 1 or 0.
 */
export type Table = Readonly<Record<string, `${string} |${string} -> ${string}`>>;

type Words<Line> = Line extends `${infer Word} ${infer Rest}` ? [Word, ...Words<Rest>] : [Line];
type Arguments<List> = List extends [infer Word, ...infer Rest]
  ? Word extends '|' | '->' | 'T' | 'flag'
    ? Arguments<Rest>
    : [number, ...Arguments<Rest>]
  : [];

/** A kernel as it is called: numbers, whatever they stand for. */
export type Kernel<Line> = (
  ...values: Arguments<Words<Line>>
) => Line extends `${string} T` | `${string} flag` ? number : void;

/** The kernels of a table, of one dtype. */
export type KernelsOf<Lines> = { [Name in keyof Lines]: Kernel<Lines[Name]> };

/** The same with the bytes of an element, in both dtypes. */
export interface Both<Lines> {
  readonly f64: KernelsOf<Lines> & { readonly bytes: number };
  readonly f32: KernelsOf<Lines> & { readonly bytes: number };
}
