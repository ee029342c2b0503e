// Where tables are written to: a file, which appears when it is whole, or standard output.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from './errors.js';

export interface Target {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  abandon(): Promise<void>;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder: make it first',
  ENOTDIR: 'there is no such folder: make it first',
  EISDIR: 'that is a folder: name a file in it',
  EACCES: 'it may not be written: see the permissions of its folder',
  EPERM: 'it may not be written: see the permissions of its folder',
  EROFS: 'it cannot be written: the disk is read-only',
  ENOSPC: 'the disk is full: make room, or write elsewhere',
  EDQUOT: 'the quota of the disk is used up: make room, or write elsewhere',
  EFBIG: 'the file becomes larger than the system allows',
};

function unwritable(cause: unknown, file: string): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return cause;
  return new DataError(REASONS[code] ?? `it cannot be written: ${message}`, { file }, { cause });
}

/** What is written now goes away with the process, but if that is killed. */
const unfinished = new Set<string>();

const removeUnfinished = () => {
  for (const path of unfinished) rmSync(path, { force: true });
};

function begin(path: string): void {
  if (unfinished.size === 0) process.once('exit', removeUnfinished);
  unfinished.add(path);
}

function done(path: string): void {
  unfinished.delete(path);
  if (unfinished.size === 0) process.off('exit', removeUnfinished);
}

/** Links are followed: what they point to is replaced, not they. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

/** @throws {DataError} if no file can be written there */
export async function fileTarget(path: string): Promise<Target> {
  const where = await placeOf(path);
  const stats = await stat(where).catch(() => undefined); // there is none yet
  if (stats?.isDirectory()) throw new DataError(REASONS.EISDIR, { file: path });
  // A pipe, or /dev/null, is written as it is.
  const through = stats !== undefined && !stats.isFile();
  const beside = through
    ? where
    : join(dirname(where), `.${basename(where).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  let handle: FileHandle;
  try {
    handle = await open(beside, through ? 'w' : 'wx', stats ? stats.mode & 0o777 : 0o666);
  } catch (cause) {
    throw unwritable(cause, path);
  }
  if (!through) begin(beside);
  const abandon = async () => {
    await handle.close().catch(() => {}); // it may be closed
    if (!through) await rm(beside, { force: true });
    done(beside);
  };
  return {
    async write(bytes) {
      try {
        for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
      } catch (cause) {
        throw unwritable(cause, path);
      }
    },
    async end() {
      try {
        if (!through) await handle.sync();
        await handle.close();
        if (!through) await rename(beside, where);
        done(beside);
      } catch (cause) {
        throw unwritable(cause, path);
      }
    },
    abandon,
  };
}

/** Whoever reads it may have read enough: what comes then is dropped without a word. */
export function standardOutput(): Target {
  const { stdout } = process;
  let gone = false;
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      if (gone) return resolve();
      stdout.write(bytes, (error) => {
        if (!error) return resolve();
        gone = (error as NodeJS.ErrnoException).code === 'EPIPE';
        return gone ? resolve() : reject(unwritable(error, '<stdout>'));
      });
    });
  // It is told twice of the same: the callback above has it.
  stdout.on('error', ignore);
  const off = async () => {
    // The event comes after the callback.
    setImmediate(() => stdout.off('error', ignore));
  };
  return { write, end: off, abandon: off };
}

const ignore = () => {};
