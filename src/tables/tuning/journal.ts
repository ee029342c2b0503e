// What is done is kept: a file for each part of a search, a line for each trial, on the disk before the next begins.
//
// Lines are only ever added. A process that was killed leaves half a line at most, which the next one ends and does not count; two processes on one part do
// the same work twice, and write the same lines, which harms nobody: so there is no lock that a dead machine could keep.

import { type FileHandle, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataError } from '../../formats/errors.js';
import { toLine } from './lines.js';
import { type Header, JOURNAL, type JournalContents, readJournal } from './records.js';
import { differences, type Search } from './search.js';
import type { Candidate } from './space.js';
import type { Trial } from './trial.js';

/** Part k of n, from 1. */
export type Shard = readonly [number: number, of: number];

export const shardFile = ([k, n]: Shard): string => `shard-${k}-of-${n}.ndjson`;

/** Parts of which there is a file. */
export async function shardsIn(folder: string): Promise<Shard[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name): Shard[] => {
      const [, k, n] = /^shard-([1-9]\d{0,6})-of-([1-9]\d{0,6})\.ndjson$/.exec(name) ?? [];
      return k === undefined || Number(k) > Number(n) ? [] : [[Number(k), Number(n)]];
    })
    .sort(([a], [b]) => a - b);
}

/** Whether candidate i, from 0, is of this part. */
export const isOfShard = (i: number, [k, n]: Shard): boolean => i % n === k - 1;

/** @throws {DataError} if it is of another search */
export function checkJournal(
  { header, trials }: JournalContents,
  search: Search,
  shard: Shard,
  candidates: readonly Candidate[],
  file: string,
): void {
  if (!header) return;
  const differs = differences(header.search, search);
  if (differs.length > 0) {
    const more = differs.length > 4 ? `, and ${differs.length - 4} more` : '';
    throw new DataError(`it is of another search (${differs.slice(0, 4).join('; ')}${more}): take another folder`, {
      file,
    });
  }
  if (`${header.shard}` !== `${shard}`) {
    throw new DataError(`it is of shard ${header.shard.join('/')}, not ${shard.join('/')}: was it renamed?`, { file });
  }
  for (const { trial, parameters } of trials.values()) {
    const candidate = candidates[trial - 1];
    const own = candidate && isOfShard(trial - 1, shard);
    if (own && JSON.stringify(candidate) === JSON.stringify(parameters)) continue;
    throw new DataError(`trial ${trial} is none of shard ${shard.join('/')}`, { file });
  }
}

/** What a failed write means for the search. */
function unwritable(file: string, cause: unknown): DataError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const what = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : message;
  return new DataError(`the journal cannot be written: ${what}; trials until now are kept`, { file }, { cause });
}

/** With those above it. Not by `recursive`, which never ends in /proc (Node 20 to 24). */
async function makeFolder(folder: string, again = true): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      if ((await stat(folder)).isDirectory()) return;
      throw new DataError('it is a file; journals are in a folder', { file: folder }, { cause });
    }
    if (code !== 'ENOENT' || !again || dirname(folder) === folder) throw cause;
    await makeFolder(dirname(folder));
    await makeFolder(folder, false);
  }
}

/** Adds lines to one part's file. */
export class Journal {
  readonly file: string;
  readonly #handle: FileHandle;
  /** The last write, behind which the next one stands. */
  #last: Promise<void> = Promise.resolve();

  constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  /** Whole lines. */
  write(text: string): Promise<void> {
    const written = this.#last.then(() => this.#append(text));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #append(text: string): Promise<void> {
    try {
      await this.#handle.appendFile(text);
      await this.#handle.sync();
    } catch (cause) {
      throw unwritable(this.file, cause);
    }
  }

  /** It is on the disk when this is done. @throws {DataError} */
  add(trial: Trial): Promise<void> {
    return this.write(toLine(trial));
  }

  async close(): Promise<void> {
    await this.#last;
    return this.#handle.close();
  }
}

/**
 * Opens the file of a part, new or with what was done before; half a line is ended.
 *
 * @param about kept in the first line, for who puts the parts together
 * @returns the journal, and the trials that it tells of
 * @throws {DataError} if there is one of another search; what the system says of a folder that cannot be made or written to
 */
export async function openJournal(
  folder: string,
  shard: Shard,
  search: Search,
  candidates: readonly Candidate[],
  about?: unknown,
) {
  await makeFolder(folder);
  const other = (await shardsIn(folder)).find(([, n]) => n !== shard[1]);
  if (other) {
    throw new DataError(
      `there is a journal of shard ${other.join('/')}, this is ${shard.join('/')}: take another folder`,
      {
        file: folder,
      },
    );
  }
  const file = join(folder, shardFile(shard));
  const handle = await open(file, 'a+');
  try {
    const text = await readFile(file, 'utf8');
    const contents = readJournal(text, file);
    checkJournal(contents, search, shard, candidates, file);
    const journal = new Journal(file, handle);
    const header: Header = {
      bitgrad: 'tune',
      journal: JOURNAL,
      shard,
      search,
      ...(about !== undefined && { about }),
    };
    const torn = text !== '' && !text.endsWith('\n') ? '\n' : '';
    if (torn || !contents.header) await journal.write(`${torn}${contents.header ? '' : toLine(header)}`);
    return { journal, trials: contents.trials };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
