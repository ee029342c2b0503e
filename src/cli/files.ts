// Files that are written whole or not at all.

import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';

/** Where it leads to, and what is there. */
async function target(path: string): Promise<{ path: string; mode?: number; isFile: boolean; isFolder?: boolean }> {
  try {
    // Asked of the system: /dev/stdout may lead to a pipe, of which realpath finds no name.
    const found = await stat(path);
    if (!found.isFile()) return { path, isFile: false, isFolder: found.isDirectory() };
    return { path: await realpath(path), mode: found.mode, isFile: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, isFile: true };
    throw error;
  }
}

/** The user knows the file by its own name. */
function renamed(error: unknown, path: string): never {
  throw isNativeError(error) ? Object.assign(error, { path }) : error;
}

/** Whether it can be written, asked before the work whose result it is to hold. @throws what the system says */
export async function checkWritable(path: string): Promise<void> {
  const to = await target(path);
  if (to.isFolder) renamed(Object.assign(new Error('it is a folder'), { code: 'EISDIR' }), path);
  const asked = to.isFile ? dirname(to.path) : to.path;
  await access(asked, constants.W_OK).catch((error) => renamed(error, asked));
}

/**
 * Writes a file beside its place, then moves it there. Pipes and devices are written to as they are; symbolic links stay, and what they lead to
 * is replaced.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const to = await target(path);
  if (!to.isFile) return writeFile(to.path, data).catch((error) => renamed(error, path));
  const beside = join(dirname(to.path), `.${randomUUID()}.part`);
  try {
    const handle = await open(beside, 'wx', to.mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, to.path);
  } catch (error) {
    await rm(beside, { force: true });
    renamed(error, path);
  }
}
