// Files on a disk: written whole or not at all, by any number of writers, and read in pieces.

import { FileFormatError, ValueError } from '../checks/errors.js';
import {
  absolute,
  codeOf,
  type FileHandle,
  type FileSystem,
  hasEnded,
  host,
  isMissing,
  randomToken,
  shown,
  thisProcess,
} from '../host/file-system.js';
import { createSha256, hexOf, PIECE } from '../host/sha256.js';
import { encodeText } from '../host/utf8.js';
import { type FileContent, type OpenFile, writeParts } from './place.js';

export interface WriteOptions {
  /** 2 keeps the file that was there as `path + '.1'`; default 1. */
  keep?: 1 | 2;
  /** Whether the writer holds the path's lock: what such a one leaves may be removed by the lock's next holder. */
  locked?: boolean;
  /** Asked when all is written, before the file gets its name. */
  beforeRename?: () => Promise<void>;
}

/** A name in a folder has at most 255 bytes; a temporary one adds 64 or so. */
const LONGEST_STEM = 180;

/** What a file's temporary ones begin with. */
function stemOf(name: string): string {
  const bytes = encodeText(name);
  if (bytes.length <= LONGEST_STEM) return name;
  const hash = createSha256();
  hash.update(bytes);
  return hexOf(hash.digest()).slice(0, 32);
}

/** A new name beside a file: whose it is, and 64 random bits. @internal */
export async function temporaryName(path: string, locked = false): Promise<string> {
  const { path: paths } = await host();
  const { host: machine, pid, start } = await thisProcess();
  const name = `${stemOf(paths.basename(path))}.${machine}-${pid}-${start}-${randomToken()}${locked ? '.locked' : ''}.tmp`;
  return paths.join(paths.dirname(path), name);
}

const TAG = /^\.(lock\.)?([0-9a-f]{12})-(\d+)-(\d+)-[0-9a-f]{16}(\.locked)?\.tmp$/;

/**
 * Removes temporary files that nobody writes any more: those of processes of this host that have ended, and, for the holder
 * of the path's lock, those of holders before it.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const { fs, path: paths } = await host();
  const folder = paths.dirname(path);
  const stem = stemOf(paths.basename(path));
  for (const name of await fs.readdir(folder)) {
    const tag = name.startsWith(stem) ? TAG.exec(name.slice(stem.length)) : null;
    if (!tag) continue;
    const [, ofLock, machine, pid, start, locked] = tag;
    const writer = { host: machine, pid: Number(pid), start: Number(start) };
    if ((locked && !ofLock) || (await hasEnded(writer))) await fs.rm(paths.join(folder, name), { force: true });
  }
}

/** Where a file really is: links are followed, to what is not there yet too. @internal */
export async function realTarget(path: string): Promise<string> {
  const { fs, path: paths } = await host();
  let place = path;
  for (let hops = 0; ; hops++) {
    try {
      const to = await fs.readlink(place);
      place = paths.resolve(await fs.realpath(paths.dirname(place)), to);
    } catch {
      break; // no link, or nothing there
    }
    if (hops > 40) throw Object.assign(new Error(`ELOOP: too many symbolic links: ${path}`), { code: 'ELOOP' });
  }
  try {
    return paths.join(await fs.realpath(paths.dirname(place)), paths.basename(place));
  } catch {
    return place; // there is no such folder: whoever writes is told
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    at += (await handle.write(bytes, at, bytes.byteLength - at, position + at)).bytesWritten;
  }
}

/** The permissions of the file that is there. @throws {ValueError} if a pipe, a device or a folder is */
async function modeOf(fs: FileSystem, path: string): Promise<number | undefined> {
  let stats: Awaited<ReturnType<FileSystem['stat']>>;
  try {
    stats = await fs.stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  if (stats.isFile()) return stats.mode & 0o7777;
  throw new ValueError(`${shown(path)} is no regular file, and would be lost: use toBytes, and write them yourself`);
}

/** Of each place the last write that was begun here: those of one thread end in the order of their calls. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Writes a file so that there is a whole one under its name at any moment, the old or the new, whenever the process or the
 * machine stops: a temporary file beside it, fsync, rename. Of several writers the last one's file stays. The permissions of
 * the file that is replaced are kept; a symbolic link stays, and what it leads to is replaced.
 *
 * @throws what the host throws, and beforeRename; the old file then is there as it was
 */
export async function writeFileAtomic(path: string, content: FileContent, options: WriteOptions = {}): Promise<void> {
  const place = absolute(path);
  const mine = write(place, content, options, turns.get(place));
  const ended = mine.catch(() => {});
  turns.set(place, ended);
  try {
    await mine;
  } finally {
    if (turns.get(place) === ended) turns.delete(place);
  }
}

async function write(
  place: string,
  content: FileContent,
  options: WriteOptions,
  before: Promise<unknown> | undefined,
): Promise<void> {
  const { fs, path: paths } = await host();
  const target = await realTarget(place);
  const fresh = await temporaryName(target, options.locked);
  const mode = await modeOf(fs, target);
  // Exclusively: whatever is at that name already, a planted link too, is not written to. Never wider open than it will be.
  const handle = await fs.open(fresh, 'wx', mode ?? 0o666);
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await writeParts(content, (bytes, position) => writeAll(handle, bytes, position));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await before;
    await options.beforeRename?.();
    if (options.keep === 2) await keepOld(fs, target);
    await fs.rename(fresh, target);
  } catch (error) {
    await fs.rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(fs, paths.dirname(target));
}

/** Some systems cannot sync a folder; the rename then lasts when they see fit. */
async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // As said.
  }
}

/** A second name for the file that is there, moved over the old one's: neither name is ever without a whole file. */
async function keepOld(fs: FileSystem, path: string): Promise<void> {
  const second = await temporaryName(path, true);
  try {
    await fs.link(path, second);
  } catch (error) {
    if (isMissing(error)) return;
    await fs.rename(path, `${path}.1`); // no links here
    return;
  }
  try {
    await fs.rename(second, `${path}.1`);
  } finally {
    // Two names of one file: rename then does nothing, and leaves both.
    await fs.rm(second, { force: true });
  }
}

/** Reads a file in pieces. @throws what the host throws; {FileFormatError} if it ends while it is read */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const place = absolute(path);
  const { fs } = await host();
  const handle = await fs.open(place, 'r');
  try {
    return await use(await openFile(handle));
  } finally {
    await handle.close();
  }
}

async function openFile(handle: FileHandle): Promise<OpenFile> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw new FileFormatError('it is no regular file: read the bytes yourself, and use fromBytes');
  }
  return {
    size: stats.size,
    async read(into, position, taken) {
      for (let at = 0; at < into.byteLength; ) {
        const wanted = Math.min(PIECE, into.byteLength - at);
        const { bytesRead } = await handle.read(into, at, wanted, position + at);
        if (bytesRead === 0) throw new FileFormatError('the file became shorter while it was read');
        taken?.(into.subarray(at, at + bytesRead));
        at += bytesRead;
      }
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there any more',
  EACCES: 'no file may be written into its folder',
  EPERM: 'no file may be written into its folder',
  EROFS: 'its folder is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead nowhere',
};

/** Why no file can be written, in words; undefined if that is no matter of its path. @internal */
export const whyNotWritable = (error: unknown): string | undefined => REASONS[codeOf(error) ?? ''];
