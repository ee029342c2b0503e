// What a browser has for files, in memory: `navigator.storage`, handles, and `navigator.locks`. As Chromium has it: what is
// written lies in `name.crswap` until it is closed, and a File whose file was replaced cannot be read any more.

import type { FileHandleLike } from '../../src/host/handles.js';

/** An error as the web has it. */
export const domError = (name: string, message = name) => new DOMException(message, name);

/** What goes wrong: called with what is about to be done, it may throw. */
export type Fault = (what: 'write' | 'close' | 'createWritable' | 'getFile', name: string) => void;

interface Entry {
  bytes: Uint8Array<ArrayBuffer>;
}

/** Those of one file, whichever handle asks. */
type Entries = Map<string, Entry>;

function fileOf(entries: Entries, name: string, entry: Entry, slices: number[]): File {
  const { bytes } = entry;
  const file = new File([bytes], name);
  const slice = file.slice.bind(file);
  return Object.assign(file, {
    slice(begin = 0, end = bytes.length) {
      slices.push(end - begin);
      const part = slice(begin, end);
      const arrayBuffer = async () => {
        if (entries.get(name)?.bytes !== bytes) throw domError('NotReadableError');
        return new Blob([part]).arrayBuffer();
      };
      return Object.assign(part, { arrayBuffer });
    },
  });
}

export class MemoryHandle implements FileHandleLike {
  readonly kind = 'file';

  constructor(
    readonly name: string,
    readonly folder: MemoryFolder,
  ) {}

  get #entry(): Entry {
    const entry = this.folder.entries.get(this.name);
    if (!entry) throw domError('NotFoundError');
    return entry;
  }

  async getFile(): Promise<File> {
    this.folder.fault?.('getFile', this.name);
    return fileOf(this.folder.entries, this.name, this.#entry, this.folder.slices);
  }

  async createWritable() {
    const { entries, open } = this.folder;
    this.folder.fault?.('createWritable', this.name);
    const entry = this.#entry;
    let swap = `${this.name}.crswap`;
    for (let i = 1; entries.has(swap); i++) swap = `${this.name}.${i}.crswap`;
    const fresh: Entry = { bytes: new Uint8Array() };
    entries.set(swap, fresh);
    open.add(swap);
    let over = false;
    const end = () => {
      over = true;
      entries.delete(swap);
      open.delete(swap);
    };
    const step = async (what: 'write' | 'close') => {
      await new Promise((resolve) => setImmediate(resolve));
      if (over) throw new TypeError('the stream is closed');
      try {
        this.folder.fault?.(what, this.name);
      } catch (error) {
        end();
        throw error;
      }
    };
    return {
      write: async (chunk: unknown) => {
        await step('write');
        const { position = 0, data = chunk } = chunk as { position?: number; data?: unknown };
        const bytes = new Uint8Array(await new Blob([data as BlobPart]).arrayBuffer());
        const whole = new Uint8Array(Math.max(fresh.bytes.length, position + bytes.length));
        whole.set(fresh.bytes);
        whole.set(bytes, position);
        fresh.bytes = whole;
      },
      close: async () => {
        await step('close');
        entry.bytes = fresh.bytes;
        end();
      },
      abort: async () => {
        if (over) throw new TypeError('the stream is closed');
        end();
      },
    };
  }
}

export class MemoryFolder {
  readonly kind = 'directory';
  readonly entries: Entries = new Map();
  readonly folders = new Map<string, MemoryFolder>();
  /** Swap files that somebody writes. */
  readonly open = new Set<string>();
  /** Sizes of all parts that were read. */
  readonly slices: number[] = [];
  fault: Fault | undefined;

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<MemoryFolder> {
    const folder = this.folders.get(name) ?? (create ? new MemoryFolder() : undefined);
    if (!folder) throw domError('NotFoundError');
    this.folders.set(name, folder);
    return folder;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<MemoryHandle> {
    if (!this.entries.has(name)) {
      if (!create) throw domError('NotFoundError');
      this.entries.set(name, { bytes: new Uint8Array() });
    }
    return new MemoryHandle(name, this);
  }

  async removeEntry(name: string): Promise<void> {
    if (this.open.has(name)) throw domError('NoModificationAllowedError');
    if (!this.entries.delete(name)) throw domError('NotFoundError');
  }

  async *keys(): AsyncGenerator<string, void> {
    yield* [...this.folders.keys(), ...this.entries.keys()];
  }

  async resolve(handle: MemoryHandle): Promise<string[] | null> {
    if (handle.folder === this) return [handle.name];
    for (const [name, folder] of this.folders) {
      const way = await folder.resolve(handle);
      if (way) return [name, ...way];
    }
    return null;
  }

  /** A file with these bytes, or a new one. */
  async file(name: string, bytes: Uint8Array<ArrayBuffer> = new Uint8Array()): Promise<MemoryHandle> {
    this.entries.set(name, { bytes });
    return new MemoryHandle(name, this);
  }
}

type Mode = 'exclusive' | 'shared';
type Options = { mode?: Mode; signal?: AbortSignal };

/** `navigator.locks`: requests for one name wait for their turn. */
export class MemoryLocks {
  readonly #queues = new Map<string, { mode: Mode; start: () => void; running: boolean }[]>();

  get held(): string[] {
    return [...this.#queues].filter(([, queue]) => queue.length > 0).map(([name]) => name);
  }

  #advance(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    for (const [i, each] of queue.entries()) {
      const free = each.mode === 'shared' ? queue.slice(0, i).every(({ mode }) => mode === 'shared') : i === 0;
      if (!free) return;
      if (!each.running) each.start();
      each.running = true;
    }
  }

  async request<T>(name: string, { mode = 'exclusive', signal }: Options, work: () => Promise<T>) {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    const mine = { mode, start: () => {}, running: false };
    const turn = new Promise<void>((resolve, reject) => {
      mine.start = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    queue.push(mine);
    this.#advance(name);
    try {
      await turn;
      return await work();
    } finally {
      queue.splice(queue.indexOf(mine), 1);
      this.#advance(name);
    }
  }
}

/** All of it, for one test. */
export function memoryNavigator() {
  const root = new MemoryFolder();
  const locks = new MemoryLocks();
  return { root, locks, navigator: { storage: { getDirectory: async () => root }, locks } };
}
