// Rows to train on, as the network takes them: in memory, or where they are too many in files, which are read one after the other.

import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../formats/errors.js';
import { type RandomState, random } from '../index.js';
import type { TrainingData, TrainingSet } from '../train/index.js';

/** Bytes of one file's rows. */
const FILE_BYTES = 64 << 20;
/** Bytes that wait for each file. */
const WAITING = 1 << 19;

export interface StoreOptions {
  /** Columns of X. */
  readonly inputs: number;
  /** Rows that may come: an upper bound. */
  readonly rows: number;
  /** Bytes of X that may be in memory. */
  readonly memoryBytes: number;
  readonly seed: number;
}

export interface RowStore {
  /** Rows so far. */
  readonly rows: number;
  /** Copies rows. @param X rows x inputs, row by row @param y a number a row */
  add(X: ArrayLike<number>, y: ArrayLike<number>, keep: (row: number) => boolean): Promise<void>;
  /** What there is, once all are in. */
  finish(): Promise<TrainingData>;
  /** Up to so many rows, evenly spaced. */
  sample(rows: number): Promise<MemorySet>;
  /** Removes files. */
  dispose(): void;
}

/** Rows in memory. */
export interface MemorySet extends TrainingSet {
  readonly X: { readonly rows: number; readonly cols: number; readonly data: Float32Array };
  readonly y: Float32Array;
}

/** In memory; it grows by halves. */
export class MemoryStore implements RowStore {
  readonly #inputs: number;
  #X: Float32Array;
  #y: Float32Array;
  rows = 0;

  constructor({ inputs, rows }: Pick<StoreOptions, 'inputs' | 'rows'>) {
    this.#inputs = inputs;
    this.#X = new Float32Array(rows * inputs);
    this.#y = new Float32Array(rows);
  }

  async add(X: ArrayLike<number>, y: ArrayLike<number>, keep: (row: number) => boolean): Promise<void> {
    const inputs = this.#inputs;
    for (let i = 0; i < y.length; i++) {
      if (!keep(i)) continue;
      const [from, to] = [i * inputs, this.rows * inputs];
      for (let j = 0; j < inputs; j++) this.#X[to + j] = X[from + j];
      this.#y[this.rows++] = y[i];
    }
  }

  get set(): MemorySet {
    const { rows } = this;
    const cols = this.#inputs;
    return { X: { rows, cols, data: this.#X.subarray(0, rows * cols) }, y: this.#y.subarray(0, rows) };
  }

  async finish(): Promise<TrainingData> {
    return this.set;
  }

  async sample(rows: number): Promise<MemorySet> {
    return every(this.set, rows);
  }

  dispose(): void {}
}

/** Evenly spaced rows, all if there are no more. */
function every(set: MemorySet, most: number): MemorySet {
  const { rows, cols, data } = set.X;
  if (rows <= most) return set;
  const picked = new MemoryStore({ inputs: cols, rows: most });
  for (let k = 0; k < most; k++) {
    const i = Math.floor((k * rows) / most);
    void picked.add(data.subarray(i * cols, (i + 1) * cols), set.y.subarray(i, i + 1), () => true);
  }
  return picked.set;
}

/** A file of rows: each its numbers, and the target behind them. */
interface Part {
  readonly path: string;
  readonly waiting: Float32Array;
  used: number;
  file?: FileHandle;
}

/**
 * In files. Each row goes to one that is drawn at random, so that a file is a sample of all rows however these are sorted; files come in an order that is drawn
 * anew for each epoch, and rows are shuffled within.
 */
export class DiskStore implements RowStore {
  readonly #inputs: number;
  readonly #folder: string;
  readonly #parts: Part[];
  readonly #rng: RandomState;
  readonly #remove = () => rmSync(this.#folder, { recursive: true, force: true });
  rows = 0;

  constructor({ inputs, rows, seed }: StoreOptions) {
    const width = inputs + 1;
    const count = Math.max(1, Math.ceil((rows * width * 4) / FILE_BYTES));
    this.#inputs = inputs;
    this.#rng = random(seed);
    this.#folder = mkdtempSync(join(tmpdir(), 'bitgrad-rows-'));
    process.once('exit', this.#remove);
    const size = Math.max(1, Math.floor(WAITING / 4 / width)) * width;
    this.#parts = Array.from({ length: count }, (_, i) => ({
      path: join(this.#folder, `${i}`),
      waiting: new Float32Array(size),
      used: 0,
    }));
  }

  async #write(part: Part): Promise<void> {
    if (part.used === 0) return;
    try {
      part.file ??= await open(part.path, 'a');
      const bytes = Buffer.from(part.waiting.buffer, 0, part.used * 4);
      for (let at = 0; at < bytes.length; ) at += (await part.file.write(bytes, at)).bytesWritten;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const what = code === 'ENOSPC' ? 'the disk is full' : message;
      throw new DataError(
        `rows cannot be kept in ${this.#folder}: ${what}; TMPDIR names another folder`,
        {},
        { cause },
      );
    }
    part.used = 0;
  }

  async add(X: ArrayLike<number>, y: ArrayLike<number>, keep: (row: number) => boolean): Promise<void> {
    const inputs = this.#inputs;
    for (let i = 0; i < y.length; i++) {
      if (!keep(i)) continue;
      const part = this.#parts[Math.min(this.#parts.length - 1, Math.floor(this.#rng.rand() * this.#parts.length))];
      const { waiting } = part;
      for (let j = 0; j < inputs; j++) waiting[part.used++] = X[i * inputs + j];
      waiting[part.used++] = y[i];
      this.rows++;
      if (part.used === waiting.length) await this.#write(part);
    }
  }

  async #read(index: number): Promise<MemorySet> {
    const bytes = await readFile(this.#parts[index].path);
    const width = this.#inputs + 1;
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
    const rows = numbers.length / width;
    const set = new MemoryStore({ inputs: this.#inputs, rows });
    const targets = new Float32Array(1);
    for (let i = 0; i < rows; i++) {
      targets[0] = numbers[i * width + width - 1];
      void set.add(numbers.subarray(i * width, i * width + width - 1), targets, () => true);
    }
    return set.set;
  }

  async finish(): Promise<TrainingData> {
    for (const part of this.#parts) {
      await this.#write(part);
      await part.file?.close();
      part.file = undefined;
    }
    const filled: number[] = [];
    for (const [i, { path }] of this.#parts.entries()) {
      const there = await open(path).then(
        (file) => file.close().then(() => true),
        () => false,
      );
      if (there) filled.push(i);
    }
    return { blocks: filled.length, read: (i) => this.#read(filled[i]) };
  }

  async sample(rows: number): Promise<MemorySet> {
    return every(await this.#read(0), rows);
  }

  dispose(): void {
    process.off('exit', this.#remove);
    for (const { file } of this.#parts) void file?.close().catch(() => undefined);
    void rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
    this.#remove();
  }
}

export function createStore(options: StoreOptions): RowStore {
  const bytes = options.rows * (options.inputs + 1) * 4;
  return bytes <= options.memoryBytes ? new MemoryStore(options) : new DiskStore(options);
}
