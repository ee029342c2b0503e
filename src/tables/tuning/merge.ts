// Parts of a search put together.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../formats/errors.js';
import { candidatesOf } from './candidates.js';
import { checkJournal, isOfShard, type Shard, shardFile, shardsIn } from './journal.js';
import { ranked } from './ranking.js';
import { type Header, readJournal } from './records.js';
import type { Trial } from './trial.js';
import type { Tuning } from './tune.js';

const LISTED = 8;

function some(numbers: readonly number[]): string {
  return `${numbers.slice(0, LISTED).join(', ')}${numbers.length > LISTED ? `, ... (${numbers.length})` : ''}`;
}

/** @throws {DataError} if there is none, or there are those of several searches */
async function shardsOf(folder: string): Promise<{ readonly of: number; readonly there: readonly Shard[] }> {
  let there: Shard[];
  try {
    there = await shardsIn(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new DataError('there is no such folder', { file: folder }, { cause });
    if (code === 'ENOTDIR') throw new DataError('it is a file; journals are in a folder', { file: folder }, { cause });
    throw cause;
  }
  const counts = [...new Set(there.map(([, n]) => n))];
  if (counts.length === 0) throw new DataError('there is no journal of a search here', { file: folder });
  if (counts.length > 1) {
    throw new DataError(`there are searches in ${counts.join(' and in ')} parts: each needs a folder of its own`, {
      file: folder,
    });
  }
  return { of: counts[0], there };
}

/**
 * The result of a search of which every part is done: the same as that of the whole search at once.
 *
 * @param folder with the journals of all parts
 * @throws {DataError} that lists what is missing, or says which journals are of different searches
 */
export async function mergeTuning(folder: string): Promise<Tuning> {
  const { of, there } = await shardsOf(folder);
  const trials = new Map<number, Trial>();
  let first: Header | undefined;
  let candidates: ReturnType<typeof candidatesOf> = [];
  const begun = new Set<number>();
  for (const shard of there) {
    const file = join(folder, shardFile(shard));
    const contents = readJournal(await readFile(file, 'utf8'), file);
    if (!contents.header) continue;
    begun.add(shard[0]);
    if (!first) {
      first = contents.header;
      const { space, mode, trials: count, settings } = first.search;
      candidates = candidatesOf(space, mode, count, settings.seed ?? 0);
      if (candidates.length !== count) throw new DataError('the journal does not say what it is of', { file });
    }
    checkJournal(contents, first.search, shard, candidates, file);
    for (const [number, trial] of contents.trials) trials.set(number, trial);
  }
  if (!first) throw new DataError('there is no journal of a search here', { file: folder });
  const absent: string[] = [];
  for (let k = 1; k <= of && absent.length < LISTED; k++) {
    const own = candidates.map((_, i) => i + 1).filter((trial) => isOfShard(trial - 1, [k, of]));
    const missing = own.filter((trial) => !trials.has(trial));
    if (missing.length === 0) continue;
    const trialsText = `trial${missing.length > 1 ? 's' : ''} ${some(missing)}`;
    absent.push(
      begun.has(k) ? `shard ${k}/${of} lacks ${trialsText}` : `shard ${k}/${of} has not begun (${trialsText})`,
    );
  }
  if (absent.length > 0) {
    const count = candidates.length - trials.size;
    throw new DataError(`${count} of ${candidates.length} trials are missing: ${absent.join('; ')}`, { file: folder });
  }
  return {
    search: first.search,
    results: ranked([...trials.values()], first.search.metric),
    trials: [...trials.values()],
    about: first.about,
  };
}
