// Where bytes of data come from: a file, standard input, or memory.

/** A path, `-` for standard input, or what is in memory. */
export type DataSource = string | URL | Uint8Array | Blob;

/** A file that is read from its beginning as often as it must be. */
export interface Bytes {
  /** As messages call it. */
  readonly file: string;
  /** In bytes, as they lie there (compressed, if they are); undefined of what is not known. */
  readonly size: number | undefined;
  /** Bytes that the last stream has taken of those. */
  readonly read: number;
  /** From the beginning, no longer compressed. */
  stream(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** A range of a file that is not compressed; undefined where there is none to be had. */
  slice?(from: number, to: number): Promise<Uint8Array>;
}
