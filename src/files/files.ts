// Files, where there are any: written whole or not at all.

import { BitgradError, ValueError } from '../errors.js';

interface FileHandle {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of node:fs/promises. */
interface FileSystem {
  open(path: string, flags: string): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: boolean }): Promise<void>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<string[]>;
}

async function fileSystem(): Promise<FileSystem> {
  const name = 'node:fs/promises'; // in a variable, so that bundlers for browsers let it be
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (cause) {
    throw new BitgradError('files need Node, Deno or Bun: use bytes instead', { cause });
  }
}

async function sync(fs: FileSystem, path: string, flags: string, bytes?: Uint8Array): Promise<void> {
  const handle = await fs.open(path, flags);
  try {
    if (bytes) await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT';

const folderOf = (path: string): string => path.replace(/[^/\\]*$/, '') || '.';

/**
 * Sees that a file can be written later: its folder is there, and what a process that was killed left of it is not.
 *
 * @throws {ValueError} if there is no such folder
 */
export async function prepareFile(path: string, argument: string): Promise<void> {
  const fs = await fileSystem();
  const folder = folderOf(path);
  let names: string[];
  try {
    names = await fs.readdir(folder);
  } catch (cause) {
    throw new ValueError(`"${argument}" is ${path}, but the folder ${folder} cannot be read`, { cause });
  }
  const own = path.replace(/^.*[/\\]/, '');
  const stale = names.filter(
    (name) => name.startsWith(`${own}.`) && /^\d+\.tmp(\.1)?$/.test(name.slice(own.length + 1)),
  );
  for (const name of stale) await fs.rm(`${path}${name.slice(own.length)}`, { force: true });
}

/**
 * Writes a file so that there is a whole one under its name at any moment, the old or the new, whenever the process or the
 * machine stops: a temporary file beside it, fsync, rename.
 *
 * @param options `keep`: 2 keeps the file that was there as `path + '.1'`
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array, options: { keep?: number } = {}): Promise<void> {
  const fs = await fileSystem();
  const { process } = globalThis as { process?: { pid: number } };
  const fresh = `${path}.${process?.pid ?? 0}.tmp`;
  try {
    await sync(fs, fresh, 'w', bytes);
    if (options.keep === 2) await keepOld(fs, path, fresh);
    await fs.rename(fresh, path);
  } catch (error) {
    await fs.rm(fresh, { force: true });
    throw error;
  }
  // Some systems cannot sync a folder; the rename then lasts when they see fit.
  await sync(fs, folderOf(path), 'r').catch(() => {});
}

/** A second name for the file that is there, moved over the old one's: neither name is ever without a whole file. */
async function keepOld(fs: FileSystem, path: string, fresh: string): Promise<void> {
  const second = `${fresh}.1`;
  await fs.rm(second, { force: true });
  try {
    await fs.link(path, second);
  } catch (error) {
    if (isMissing(error)) return;
    await fs.rename(path, `${path}.1`); // no links here
    return;
  }
  await fs.rename(second, `${path}.1`);
}

/** A file's bytes. @throws what the host throws */
export async function readFile(path: string): Promise<Uint8Array> {
  const fs = await fileSystem();
  return fs.readFile(path);
}
