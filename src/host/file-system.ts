// What files need of the host: its file system, paths, and a name for this process that others can check.

import { BitgradError } from '../checks/errors.js';
import { nodeModule, processOf } from './runtime.js';
import { createSha256, hexOf } from './sha256.js';
import { encodeText } from './utf8.js';

/** What is used of an open file of node:fs/promises. */
export interface FileHandle {
  stat(): Promise<Stats>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  readFile(encoding: 'utf8'): Promise<string>;
  write(from: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface Stats {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** What is used of node:fs/promises. */
export interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  rm(path: string, options: { force: boolean }): Promise<void>;
  stat(path: string): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  readdir(path: string): Promise<string[]>;
}

/** What is used of node:path. */
interface Paths {
  resolve(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  join(...parts: string[]): string;
}

/** What is used of node:os. */
interface System {
  hostname(): string;
  networkInterfaces(): Record<string, { mac: string; internal: boolean }[] | undefined>;
}

export interface Host {
  readonly fs: FileSystem;
  readonly path: Paths;
  readonly os: System;
}

/** @throws {BitgradError} where there are no files */
export async function host(): Promise<Host> {
  try {
    const [fs, path, os] = await Promise.all([
      nodeModule<FileSystem>('fs/promises'),
      nodeModule<Paths>('path'),
      nodeModule<System>('os'),
    ]);
    return { fs, path, os };
  } catch (cause) {
    throw new BitgradError('a path needs Node, Deno or Bun: give a FileSystemFileHandle, a Blob or bytes instead', {
      cause,
    });
  }
}

/**
 * The absolute path, as the working directory is at this moment: what process.chdir does later changes nothing. `..` is left
 * to the host, which follows the links before it.
 */
export function absolute(path: string): string {
  const process = processOf();
  return !process || /^([/\\]|[a-z]:)/i.test(path) ? path : `${process.cwd()}/${path}`;
}

/** Whether it can be a file's: one that ends in / is a folder's. */
export const isPath = (path: unknown): path is string =>
  typeof path === 'string' && /[^/\0]$/.test(path) && !path.includes('\0');

/** A path as a message shows it: the end, which tells files apart, if it is long. */
export const shown = (path: string): string => (path.length > 100 ? `...${path.slice(-90)}` : path);

/** The host's code of an error, as ENOENT. */
export const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** 16 hexadecimal digits that nobody can guess. */
export const randomToken = (): string => hexOf(crypto.getRandomValues(new Uint8Array(8)));

/** A process, so that others can tell whether it still runs. */
export interface ProcessId {
  /** Of the machine since it started, and of the range in which process numbers are unique: a container has its own. */
  readonly host: string;
  readonly pid: number;
  /** When it started, in ticks of the machine's clock; 0 where that is not told. A number that is used again differs in it. */
  readonly start: number;
}

/** Of a process of this machine: when it started, and whether it has ended but was not yet reaped; undefined if not told. */
async function processStat(
  fs: FileSystem,
  pid: number | 'self',
): Promise<{ start: number; ended: boolean } | undefined> {
  try {
    const text = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    // Its second field, the name, may hold anything but ends with the last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { start: Number(fields[19]), ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}

async function hostName({ fs, os }: Host): Promise<string> {
  const parts = [os.hostname()];
  try {
    parts.push(await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8'), await fs.readlink('/proc/self/ns/pid'));
  } catch {
    // A Linux that does not tell may be one container of many: such a process equals no other.
    if (processOf()?.platform === 'linux') parts.push(randomToken());
    else parts.push(...Object.values(os.networkInterfaces()).flatMap((each) => each?.map(({ mac }) => mac) ?? []));
  }
  const hash = createSha256();
  hash.update(encodeText(parts.join('\n')));
  return hexOf(hash.digest()).slice(0, 12);
}

let self: Promise<ProcessId> | undefined;

/** This process. */
export function thisProcess(): Promise<ProcessId> {
  self ??= (async () => {
    const here = await host();
    const start = (await processStat(here.fs, 'self'))?.start ?? 0;
    return { host: await hostName(here), pid: processOf()?.pid ?? 0, start };
  })();
  return self;
}

/** Whether a process is known to have ended: it is of this very host, and not there any more. */
export async function hasEnded(other: ProcessId): Promise<boolean> {
  const { fs } = await host();
  if (other.host !== (await thisProcess()).host) return false;
  try {
    processOf()?.kill(other.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return true;
  }
  const stat = await processStat(fs, other.pid);
  return stat !== undefined && (stat.ended || (other.start !== 0 && stat.start !== other.start));
}
