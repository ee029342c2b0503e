// What came of a search: printed, written, the best of it trained.

import { DataError, rankingCSV, type Tuning } from '../../tables/index.js';
import type { CommandContext } from '../command.js';
import { writeWhole } from '../files.js';
import { fileText, quoted } from '../run-text.js';
import { pairsText } from '../table.js';
import type { SavedBest } from './best.js';
import type { TuneOptions } from './options.js';
import { rankingText, searchText } from './text.js';
import { trainCommand } from './words.js';

/** Prints and writes what came of it; trains the best if that is asked for. */
export async function tell(
  tuning: Tuning,
  words: readonly string[],
  options: TuneOptions,
  { out }: CommandContext,
  train?: (command: string) => Promise<SavedBest>,
): Promise<void> {
  const { search, results, trials } = tuning;
  const [best] = results;
  const isPart = options.shard !== undefined && options.shard[1] > 1;
  if (!isPart && (best === undefined || best.score === null)) {
    throw new DataError(`no trial has a score: trial ${best?.trial}, ${best?.error}`, { file: words[0] });
  }
  const seconds = options.timings ? new Map(trials.map((each) => [each.trial, each.seconds])) : undefined;
  if (options.out !== undefined) await writeWhole(options.out, rankingCSV(search, results, seconds));
  const command = best && trainCommand(words, search, best.parameters);
  const model = train && command !== undefined ? await train(command) : undefined;
  const pairs: [string, string][] = model
    ? [
        ['model', fileText(model.file, model.bytes)],
        ['sha256', model.sha256],
        ['weights', model.parametersSha256],
      ]
    : [];
  const part = isPart ? ` (shard ${options.shard?.join('/')}: ${trials.length} of them)` : '';
  const text = [
    `${searchText(search)}${part}`,
    ...(results.length > 0 ? [rankingText(tuning, options.top, out.room, options.timings === true)] : []),
    ...(pairs.length > 0 ? ['', pairsText(pairs, out.room)] : []),
    // Commands are there to be copied: they are not cut.
    ...(command === undefined ? [] : ['', isPart ? 'the best of this part:' : 'the best:', `  ${command}`]),
    ...(isPart
      ? [
          '',
          'when all parts are done:',
          `  npx bitgrad@${search.version} tune --merge ${quoted(options.journal ?? '')}`,
        ]
      : []),
  ].join('\n');
  const value = {
    search,
    results: seconds ? results.map((each) => ({ ...each, seconds: seconds.get(each.trial) })) : results,
    ...(isPart && { shard: options.shard }),
    command,
    ...(model && { model }),
  };
  out.result(value, text);
}
