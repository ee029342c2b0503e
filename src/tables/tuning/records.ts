// What stands in a journal, told from what somebody else wrote.

import { DataError } from '../../formats/errors.js';
import { linesOf } from './lines.js';
import { METRICS } from './metrics.js';
import type { Search } from './search.js';
import { readSpace } from './space.js';
import type { Trial } from './trial.js';

/** Version of the journal's form. */
export const JOURNAL = 1;

/** The first line. */
export interface Header {
  readonly bitgrad: 'tune';
  readonly journal: typeof JOURNAL;
  readonly shard: readonly [number: number, of: number];
  readonly search: Search;
  /** What the caller wants to know when the parts are put together: of no matter to the search. */
  readonly about?: unknown;
}

export interface JournalContents {
  /** Undefined if nothing was written yet. */
  readonly header: Header | undefined;
  readonly trials: ReadonlyMap<number, Trial>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown, least = 0): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;
const isNumbers = (value: unknown): value is Record<string, number> =>
  isObject(value) && Object.values(value).every((each) => each === null || Number.isFinite(each));

function isSearch(value: unknown): value is Search {
  if (!isObject(value) || !isObject(value.data) || !isObject(value.settings)) return false;
  const { data, mode, trials, metric, cv, space, version, contractVersion } = value;
  try {
    readSpace(space);
  } catch {
    return false;
  }
  return (
    typeof data.target === 'string' &&
    [data.allRows, data.rows, data.inputs].every((each) => isCount(each)) &&
    typeof data.sha256 === 'string' &&
    (mode === 'random' || mode === 'grid') &&
    isCount(trials, 1) &&
    METRICS.includes(metric as string) &&
    isCount(cv, 1) &&
    typeof version === 'string' &&
    isCount(contractVersion)
  );
}

const isHeader = (value: unknown): value is Header =>
  isObject(value) &&
  Array.isArray(value.shard) &&
  value.shard.length === 2 &&
  value.shard.every((each) => isCount(each, 1)) &&
  isSearch(value.search);

const isTrial = (value: unknown): value is Trial =>
  isObject(value) &&
  isCount(value.trial, 1) &&
  isObject(value.parameters) &&
  Array.isArray(value.folds) &&
  value.folds.every(isNumbers) &&
  Array.isArray(value.epochs) &&
  value.epochs.every((each) => isCount(each)) &&
  (value.error === undefined || typeof value.error === 'string') &&
  Number.isFinite(value.seconds);

/**
 * Lines that are not whole were being written when a process was killed: what they told of is done again. Of two that tell of one trial the first counts: they say
 * the same.
 *
 * @throws {DataError} naming file and line of what is whole, and no journal's
 */
export function readJournal(text: string, file: string): JournalContents {
  const lines = linesOf(text);
  let header: Header | undefined;
  const trials = new Map<number, Trial>();
  for (const { line, value } of lines) {
    if (isObject(value) && value.bitgrad === 'tune') {
      if (value.journal !== JOURNAL) {
        throw new DataError(`the journal is of form ${value.journal}, this release writes ${JOURNAL}`, { file, line });
      }
      if (!isHeader(value)) throw new DataError('the journal does not say what it is of', { file, line });
      header ??= value;
    } else if (header && isTrial(value)) {
      if (!trials.has(value.trial)) trials.set(value.trial, value);
    } else {
      throw new DataError('this line is none of a journal', { file, line });
    }
  }
  if (!header && text.includes('\n') && text.trim() !== '' && !text.startsWith('{"bitgrad":"tune"')) {
    throw new DataError('it is no journal of a search', { file });
  }
  return { header, trials };
}
