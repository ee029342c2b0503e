// Linear memory as the kernels see it.

/** Growing it replaces the views; older ones are detached. */
export interface Memory {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  /** Bytes in use by the host, a multiple of 64 KiB. */
  readonly byteLength: number;
  /** The first address that is free for the heap. */
  readonly base: number;
  /** What other threads have it by; undefined if they cannot. */
  readonly shared?: object | undefined;
  /** Makes byteLength at least `bytes`; throws what the host says and changes nothing if it cannot. */
  grow(bytes: number): void;
  /** Views of it are handed out from now on, and it grows no more. */
  pin?(): void;
}
