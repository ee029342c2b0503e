// Files of a browser as places: what the browser keeps for the page's origin, and what a user picked.

import { FileFormatError, FileLockedError, ValueError } from '../checks/errors.js';
import { shown } from '../host/file-system.js';
import {
  type BlobLike,
  type FileHandleLike,
  folderOf,
  nameOf,
  takeLock,
  type WritableLike,
  withLock,
} from '../host/handles.js';
import { PIECE } from '../host/sha256.js';
import { type Claim, type OpenFile, type Place, refusePlace, type Source, writeParts } from './place.js';

function openBlob(blob: BlobLike): OpenFile {
  return {
    size: blob.size,
    async read(into, position, taken) {
      for (let at = 0; at < into.byteLength; ) {
        const wanted = Math.min(PIECE, into.byteLength - at);
        const piece = new Uint8Array(await blob.slice(position + at, position + at + wanted).arrayBuffer());
        if (piece.byteLength !== wanted) throw new FileFormatError('the file became shorter while it was read');
        into.set(piece, at);
        taken?.(piece);
        at += wanted;
      }
    },
  };
}

export const blobSource = (blob: BlobLike): Source => ({
  name: blob.name ? shown(blob.name) : 'the Blob',
  read: (use) => use(openBlob(blob)),
});

const NO_WRITING = 'this host cannot replace a file as a whole: it has no createWritable';

/** Why a file cannot be written, by the host's name of its error. */
const REASONS: Readonly<Record<string, string>> = {
  NotFoundError: 'it is not there any more',
  NotAllowedError: 'it may not be written to: the user must allow that (requestPermission)',
  NoModificationAllowedError: 'another part of this program has it open (createSyncAccessHandle)',
};

async function replace(handle: FileHandleLike, put: (writable: WritableLike) => Promise<void>): Promise<void> {
  if (!handle.createWritable) throw new ValueError(`${shown(handle.name)} cannot be written: ${NO_WRITING}`);
  const writable = await handle.createWritable();
  try {
    await put(writable);
    await writable.close();
  } catch (error) {
    // It has failed already: what it says of its end is no news.
    await writable.abort().catch(() => {});
    throw error;
  }
}

/** The file of that name and `.1` in the same folder. */
async function before(handle: FileHandleLike, create: boolean): Promise<FileHandleLike | undefined> {
  const found = await folderOf(handle);
  try {
    return await found?.folder.getFileHandle(`${handle.name}.1`, { create });
  } catch (error) {
    if (nameOf(error) === 'NotFoundError') return undefined;
    throw error;
  }
}

/** Copies what a file holds to the one before it, unless it is empty. */
async function keepOld(handle: FileHandleLike): Promise<void> {
  const old = await handle.getFile();
  const other = old.size > 0 ? await before(handle, true) : undefined;
  if (other) await replace(other, (writable) => writable.write(old));
}

/** Removes what browsers that were killed left of files half written: Chromium writes to `name.crswap`, `name.1.crswap`, ... */
async function removeLeftovers(handle: FileHandleLike): Promise<void> {
  const { folder } = (await folderOf(handle)) ?? {};
  if (!folder) return;
  const names: string[] = [];
  for await (const name of folder.keys()) if (name.startsWith(handle.name)) names.push(name);
  for (const name of names.filter((each) => /^(\.\d+)?\.crswap$/.test(each.slice(handle.name.length)))) {
    // One that cannot be removed is being written.
    await folder.removeEntry(name).catch(() => {});
  }
}

async function claim(handle: FileHandleLike, keep: 1 | 2, option: string): Promise<Claim> {
  const name = shown(handle.name);
  if (!handle.createWritable) refusePlace(option, name, NO_WRITING);
  const locks: (() => Promise<void>)[] = [];
  const release = async () => {
    for (const unlock of locks.splice(0)) await unlock();
  };
  try {
    const found = await folderOf(handle);
    if (keep === 2 && !found) refusePlace(option, name, 'two are kept in the folder of storage.getDirectory() alone');
    // Of files that users picked nobody knows the folder: two of one name are taken for one.
    const path = found ? `/${found.way.join('/')}` : handle.name;
    for (const each of keep === 2 ? [path, `${path}.1`] : [path]) {
      const unlock = await takeLock(`bitgrad checkpoint ${each}`);
      if (!unlock) {
        throw new FileLockedError(
          `${name} is used by another training: a page or a worker of this origin holds its lock; wait for that to end, or ` +
            'give another file',
        );
      }
      locks.push(unlock);
    }
    await removeLeftovers(handle);
    await handle.getFile(); // is there: Chromium would write it anew, Firefox not
    await (await handle.createWritable()).abort();
    return { where: handle, lock: '', release };
  } catch (cause) {
    await release();
    const reason = REASONS[nameOf(cause)];
    if (reason === undefined) throw cause;
    return refusePlace(option, name, reason, cause);
  }
}

/** Readers wait for writers, whose file they could not read on when it is replaced; writers for each other, in the order of calls. */
const locked = <T>({ name }: FileHandleLike, mode: 'exclusive' | 'shared', work: () => Promise<T>): Promise<T> =>
  withLock(`bitgrad file ${name}`, mode, work);

const readHandle = <T>(handle: FileHandleLike, use: (file: OpenFile) => Promise<T>): Promise<T> =>
  locked(handle, 'shared', async () => use(openBlob(await handle.getFile())));

export const handlePlace = (handle: FileHandleLike): Place => ({
  name: shown(handle.name),
  read: (use) => readHandle(handle, use),
  // Whoever holds it holds it as long as its page lives: nothing is to be asked before it is written.
  write: (content, { keep } = { lock: '', keep: 1 }) =>
    locked(handle, 'exclusive', () =>
      replace(handle, async (writable) => {
        await writeParts(content, (data, position) => writable.write({ type: 'write', position, data }));
        if (keep === 2) await keepOld(handle);
      }),
    ),
  claim: (keep, option) => claim(handle, keep, option),
  async generations() {
    const all = [handle, await before(handle, false)].filter((each) => each !== undefined);
    const sizes = await Promise.all(all.map(async (each) => (await each.getFile()).size));
    // An empty one is none: getFileHandle(name, { create: true }) makes it.
    return all.filter((_, i) => sizes[i] > 0).map(handlePlace);
  },
});
