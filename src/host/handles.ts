// Files as browsers have them: Blobs, handles of files, the folder that belongs to a page's origin alone, and locks between its
// pages. What of it is used is declared here, for not every program's library knows it.

/** What is used of a Blob or a File. */
export interface BlobLike {
  /** In bytes. */
  readonly size: number;
  /** Of a File. */
  readonly name?: string;
  /** From byte `start` to before byte `end`; nothing is read yet. */
  slice(start?: number, end?: number): BlobLike;
  /** Reads all of it. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A file that is being written; what is written takes the place of what was there when it is closed, and not before. */
export interface WritableLike {
  /** Appends bytes. */
  write(chunk: unknown): Promise<void>;
  /** Puts what was written in the file's place. */
  close(): Promise<void>;
  /** Leaves the file as it was. */
  abort(): Promise<void>;
}

/** What is used of a FileSystemFileHandle. */
export interface FileHandleLike {
  /** Tells it from a folder's handle. */
  readonly kind: 'file';
  /** Without its folder. */
  readonly name: string;
  /** The file as it is now. */
  getFile(): Promise<BlobLike>;
  /** Chromium has it since version 86, Firefox since 111, Safari since 26. */
  createWritable?(): Promise<WritableLike>;
}

interface Folder {
  getDirectoryHandle(name: string): Promise<Folder>;
  getFileHandle(name: string, options: { create: boolean }): Promise<FileHandleLike>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
  /** The names on the way to a file; null if it is not in here. */
  resolve(file: FileHandleLike): Promise<string[] | null>;
}

type LockOptions = { mode?: 'exclusive' | 'shared'; signal?: AbortSignal };

/** A page that was just left lets go of its locks in its own time: who finds one held looks again for so long. */
const LET_GO_MS = 200;

interface Navigator {
  readonly storage?: { getDirectory?(): Promise<Folder> };
  readonly locks?: { request<T>(name: string, options: LockOptions, work: () => Promise<T>): Promise<T> };
}

const navigatorOf = (): Navigator => (globalThis as unknown as { navigator?: Navigator }).navigator ?? {};

/** By their members: another realm has other classes. */
export const isBlob = (value: unknown): value is BlobLike => {
  const { size, slice, arrayBuffer } = Object(value);
  return typeof size === 'number' && typeof slice === 'function' && typeof arrayBuffer === 'function';
};

export const isFileHandle = (value: unknown): value is FileHandleLike => typeof Object(value).getFile === 'function';

/** The host's name of an error, as NotFoundError. */
export const nameOf = (error: unknown): string => String(Object(error).name);

/**
 * The folder that a file is in, and the names on the way there, if that is the folder of the page's origin (the "origin private
 * file system") or one within; undefined: the user picked the file, and nothing beside it is ours.
 */
export async function folderOf(file: FileHandleLike): Promise<{ folder: Folder; way: readonly string[] } | undefined> {
  const root = await navigatorOf().storage?.getDirectory?.();
  const way = await root?.resolve(file);
  if (!root || !way) return undefined;
  let folder = root;
  for (const name of way.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
  return { folder, way };
}

/** Works while nobody else of this origin works under that name; those who share it may do so together. In the order of calls. */
export function withLock<T>(name: string, mode: 'exclusive' | 'shared', work: () => Promise<T>): Promise<T> {
  const { locks } = navigatorOf();
  return locks ? locks.request(name, { mode }, work) : work();
}

/**
 * Holds a name until what is returned is called, or this page or worker ends, however it does; undefined if another holds it. In a
 * host without locks nothing is held.
 */
export function takeLock(name: string): Promise<(() => Promise<void>) | undefined> {
  const { locks } = navigatorOf();
  if (!locks) return Promise.resolve(async () => {});
  return new Promise((resolve, reject) => {
    const over = locks.request(name, { signal: AbortSignal.timeout(LET_GO_MS) }, async () => {
      await new Promise<void>((release) => {
        resolve(() => {
          release();
          return over;
        });
      });
    });
    over.catch((error) => (nameOf(error) === 'TimeoutError' ? resolve(undefined) : reject(error)));
  });
}
