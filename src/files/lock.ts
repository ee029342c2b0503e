// A lock that a dead process does not hold: a file beside the file it protects, `path + '.lock'`.
//
// It is made whole under a name of its own and then linked to its place, which fails if there is one already. Who finds one
// judges it: it is of no use if its process has ended, or, where that cannot be known (another machine, another container), if
// nobody renewed it for two minutes. Times are those of the file system alone, so clocks need not agree. A lock is removed by
// renaming it away and looking at what was renamed: two who do so at once cannot both take it, nor remove each other's.
// Its holder looks whether it still has it before each write, so that one who was thought dead does no harm on waking.

import { FileFormatError, FileLockedError } from '../checks/errors.js';
import {
  codeOf,
  type FileSystem,
  hasEnded,
  host,
  isMissing,
  type ProcessId,
  randomToken,
  shown,
  thisProcess,
} from '../host/file-system.js';
import { encodeText } from '../host/utf8.js';
import { temporaryName } from './files.js';
import { readJSONText, writeJSON } from './json-text.js';
import { checkForm, integer, record, text } from './schema.js';

/** A lock is renewed so often, */
const RENEWED_MS = 10_000;
/** and is nobody's after so long without. */
const STALE_MS = 120_000;
/** While a lock is judged it may be away for a moment; its holder looks so often, so many milliseconds apart. */
const LOOKS = 5;
const LOOK_MS = 40;
/** Bytes of a lock at most. */
const LONGEST = 4096;
/** How often one who finds a lock that is nobody's tries to be the one who takes it. */
const ATTEMPTS = 20;

interface Holder extends ProcessId {
  /** Of the machine, for people. */
  readonly name: string;
  /** When it was taken, by the holder's clock. */
  readonly since: string;
  readonly token: string;
}

const isHolder = record<Holder>({
  host: text,
  pid: integer(0),
  start: integer(0),
  name: text,
  since: text,
  token: text,
});

/** A lock that is there: when it was renewed, and whose it is; undefined if that cannot be read. */
interface Found {
  readonly renewedMs: number;
  readonly holder: Holder | undefined;
}

export interface Lock {
  /** What shows that it is ours, in any thread. */
  readonly token: string;
  /** Gives it back, once. */
  release(): Promise<void>;
}

const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const lockOf = (path: string): string => `${path}.lock`;

function readHolder(source: string): Holder | undefined {
  try {
    return checkForm(isHolder, readJSONText(source, 'the lock'), 'lock', FileFormatError);
  } catch {
    return undefined; // half written, where there are no links, or nothing of ours
  }
}

async function look(fs: FileSystem, lock: string): Promise<Found | undefined> {
  try {
    const stats = await fs.lstat(lock);
    const ours = stats.isFile() && stats.size <= LONGEST; // not a link to something without an end
    return { renewedMs: stats.mtimeMs, holder: ours ? readHolder(await fs.readFile(lock, 'utf8')) : undefined };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a file that was not there. @returns when, by the file system's clock */
async function create(fs: FileSystem, path: string, content: string): Promise<number> {
  const handle = await fs.open(path, 'wx');
  try {
    const bytes = encodeText(content);
    await handle.write(bytes, 0, bytes.byteLength, 0);
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
  }
}

/** Puts the file at `fresh` to the lock's place as well, unless there is one. */
async function place(fs: FileSystem, fresh: string, lock: string, content: string): Promise<boolean> {
  try {
    await fs.link(fresh, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
  }
  try {
    await create(fs, lock, content); // no links here
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of this holder; if it turns out to be another's it is put back. */
async function remove(fs: FileSystem, path: string, token: string | undefined): Promise<void> {
  const lock = lockOf(path);
  const away = await temporaryName(lock);
  try {
    await fs.rename(lock, away);
  } catch (error) {
    if (isMissing(error)) return; // another was faster
    throw error;
  }
  const found = await look(fs, away);
  if (found && found.holder?.token !== token) {
    await place(fs, away, lock, found.holder ? writeJSON(found.holder) : '');
  }
  await fs.rm(away, { force: true });
}

async function isOver({ holder, renewedMs }: Found, nowMs: number): Promise<boolean> {
  // One of the future was not renewed since a clock was set back.
  return Math.abs(nowMs - renewedMs) > STALE_MS || (holder !== undefined && (await hasEnded(holder)));
}

function refuseLock(path: string, holder: Holder | undefined): never {
  const who = holder
    ? `process ${holder.pid} on ${holder.name.slice(0, 40)}, since ${holder.since.slice(0, 24)}`
    : 'a file that does not say who holds it';
  throw new FileLockedError(
    `${shown(path)} is used by another training: its lock, of the same name and .lock, is held by ${who}; wait for that to ` +
      `end, or give another path; if no training runs there any more, the lock is free ${STALE_MS / 60_000} minutes after ` +
      'it was last renewed',
  );
}

/**
 * Takes the lock of a path, which must be the real one, and renews it until it is released.
 *
 * @throws {FileLockedError} if another holds it; what the host throws
 */
export async function acquireLock(path: string): Promise<Lock> {
  const { fs, os } = await host();
  const lock = lockOf(path);
  const token = randomToken() + randomToken();
  const since = new Date().toISOString();
  const content = writeJSON({ ...(await thisProcess()), name: os.hostname(), since, token } satisfies Holder);
  const fresh = await temporaryName(lock);
  const nowMs = await create(fs, fresh, content);
  try {
    for (let attempt = 0; !(await place(fs, fresh, lock, content)); attempt++) {
      const found = await look(fs, lock);
      if (found?.holder?.token === token) break; // a link that was made, though the network said otherwise
      if (attempt > ATTEMPTS || (found && !(await isOver(found, nowMs)))) refuseLock(path, found?.holder);
      // Without a lock to be seen it was given back meanwhile.
      await (found ? remove(fs, path, found.holder?.token) : pauseMs(attempt));
    }
  } finally {
    await fs.rm(fresh, { force: true });
  }
  const timer = setInterval(() => {
    renewLock(path, token).catch(() => clearInterval(timer)); // whoever writes next is told
  }, RENEWED_MS) as unknown as { unref?(): void } & ReturnType<typeof setInterval>;
  timer.unref?.();
  let released = false;
  return {
    token,
    async release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      try {
        if ((await look(fs, lock))?.holder?.token === token) await remove(fs, path, token);
      } catch {
        // What cannot be removed is nobody's all the same, two minutes on or when this process ends.
      }
    },
  };
}

/**
 * Sees that a lock still is the one with this token, and renews it.
 *
 * @throws {FileLockedError} if it is not
 */
export async function renewLock(path: string, token: string): Promise<void> {
  const { fs } = await host();
  for (let looks = 0; looks < LOOKS; looks++) {
    if (looks > 0) await pauseMs(LOOK_MS);
    try {
      const handle = await fs.open(lockOf(path), 'r+');
      try {
        const text = await handle.readFile('utf8');
        const holder = readHolder(text);
        if (holder?.token !== token) refuseLock(path, holder);
        const bytes = encodeText(text);
        // Through the same handle: whatever happens to the name meanwhile, this is our own file.
        await handle.write(bytes, 0, bytes.byteLength, 0);
        return;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new FileLockedError(
    `${shown(path)} is no longer this training's: its lock, of the same name and .lock, was removed; nothing more is written`,
  );
}
