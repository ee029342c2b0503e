// The best candidate, trained on all rows and saved, as `bitgrad train` does.

import {
  type FileHash,
  hashFile,
  hashOf,
  learnerOf,
  type OpenTable,
  type RankedTrial,
  type RunNotes,
  type Search,
  saveModel,
  type TableTrainingOptions,
  trainTable,
} from '../../tables/index.js';
import type { CommandContext } from '../command.js';
import { readSoFar } from '../data-options.js';
import { numberText } from '../plot.js';

export interface SavedBest extends FileHash {
  readonly file: string;
  readonly parametersSha256: string;
  readonly evaluation: RunNotes['evaluation'];
}

type More = Pick<TableTrainingOptions, 'target' | 'memoryBytes' | 'engine' | 'command'>;

export async function trainBest(
  table: OpenTable,
  { settings }: Search,
  { parameters, trial }: RankedTrial,
  path: string,
  more: More,
  { out, signal }: Pick<CommandContext, 'out' | 'signal'>,
): Promise<SavedBest> {
  const live = out.live();
  try {
    const training = await trainTable(table, {
      ...{ ...settings, ...parameters, ...more, signal },
      onProgress({ epoch, epochs = 1, loss = 0 }) {
        const of = `trial ${trial} on all rows`;
        if (epoch === undefined) live.update(readSoFar(table), `${of}: reading`);
        else live.update(epoch / epochs, `${of}: epoch ${epoch}/${epochs}, loss ${numberText(loss)}`);
      },
    });
    await saveModel(training, path);
    const parametersSha256 = hashOf(learnerOf(training).network.parameters);
    return { file: path, ...(await hashFile(path)), parametersSha256, evaluation: training.notes.evaluation };
  } finally {
    live.end();
  }
}
