// Tensors as files hold them.

const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  /** As raw bits. */
  F16: Uint16Array,
  /** As raw bits. */
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** A Uint8Array of bytes of its own, as Blob takes it, whichever TypeScript reads this: only since 5.7 that type has a parameter. */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>;

/** A name of a dtype, as safetensors has it: F64, F32, I64, ... */
export type TensorDtype = keyof typeof ARRAYS;

/** Numbers in any number of dimensions, as a file of tensors has them. */
export interface Tensor {
  /** What its numbers are. */
  dtype: TensorDtype;
  /** Its dimensions, slowest first. */
  shape: readonly number[];
  /** Row-major; F16 and BF16 as their bits in a Uint16Array. */
  data:
    | Float64Array
    | Float32Array
    | BigInt64Array
    | BigUint64Array
    | Int32Array
    | Int16Array
    | Int8Array
    | Uint32Array
    | Uint16Array
    | Uint8Array;
}

export const DTYPE_NAMES = Object.keys(ARRAYS).join(', ');

export const isDtype = (value: unknown): value is TensorDtype =>
  typeof value === 'string' && Object.hasOwn(ARRAYS, value);

/** Bytes of an element. */
export const widthOf = (dtype: TensorDtype): number => ARRAYS[dtype].BYTES_PER_ELEMENT;

/** The name of the array that holds such elements. */
export const arrayNameOf = (dtype: TensorDtype): string => ARRAYS[dtype].name;

/** An array of n zeros. */
export const newData = (dtype: TensorDtype, n: number): Tensor['data'] => new ARRAYS[dtype](n);

/** Elements of a shape. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** A shape for a message. */
export function tensorShape(shape: readonly number[]): string {
  const text = shape.join(', ');
  return text.length > 60 ? `[${text.slice(0, 60)}...]` : `[${text}]`;
}

/** The bytes of some numbers, where they lie. */
export const bytesIn = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
