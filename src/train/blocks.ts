// Rows that come block by block: data larger than memory.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { checkInteger, refuseValue } from '../checks/values.js';
import type { Parts } from '../network/calls.js';
import { random } from '../random/random.js';
import type { ReadSet, Room } from './dataset.js';
import { kindOf } from './optimizers/optimizers.js';
import type { FitOptions, FitPlan, TrainingSet } from './options.js';
import { isSet, readRows } from './read-rows.js';

/** Rows by blocks, for data larger than memory: each is read once in an epoch, in an order drawn anew. */
export interface BlockSource {
  /** How many there are. */
  readonly blocks: number;
  /** Block `index`, from 0. */
  read(index: number): TrainingSet | Promise<TrainingSet>;
}

/**
 * What to train on: a set; or blocks of rows, which are shuffled within (and, of a BlockSource, among each other): as an
 * iterable that begins anew for every epoch, a function that returns one, or a BlockSource.
 */
export type TrainingData =
  | TrainingSet
  | BlockSource
  | AsyncIterable<TrainingSet>
  | ((epoch: number) => AsyncIterable<TrainingSet> | Iterable<TrainingSet>);

/** The blocks of one epoch, each read to a room of its own. */
export type Blocks = (epoch: number, room: () => Room) => AsyncGenerator<ReadSet, void>;

/** @throws {ValueError} for options that need all rows at once */
function checkWhole(options: FitOptions, plan: FitPlan): void {
  for (const name of ['validationSplit', 'sampleWeight'] as const) {
    if (options[name] !== undefined) throw new ValueError(`"${name}" does not go with data in blocks`);
  }
  if (plan.classWeight === 'balanced') throw new ValueError(`"classWeight" cannot be 'balanced' with data in blocks`);
  const { optimizer } = plan;
  if (kindOf(optimizer).whole) {
    throw new ValueError(`"optimizer" ${optimizer.name} takes all rows at once: it does not go with data in blocks`);
  }
}

/** Their order is drawn at once. */
const MOST_BLOCKS = 1_000_000;

/** What is handed in, with the number of each block. */
type Numbered = AsyncIterable<readonly [number, TrainingSet]>;

async function* numbered(sets: AsyncIterable<TrainingSet> | Iterable<TrainingSet>): Numbered {
  let count = 0;
  for await (const set of sets) yield [count++, set];
}

/** Every epoch's sets, as they are handed in. */
function setsOf(data: TrainingData, { seed, shuffle }: FitPlan): (epoch: number) => Numbered {
  if (typeof data === 'function') {
    return async function* (epoch) {
      const sets: unknown = data(epoch);
      if (!(Symbol.asyncIterator in Object(sets)) && !(Symbol.iterator in Object(sets))) {
        throw new ValueError(`"data" must return an iterable of { X, y }, as a generator does, got ${describe(sets)}`);
      }
      yield* numbered(sets as Iterable<TrainingSet>);
    };
  }
  if (Symbol.asyncIterator in Object(data)) {
    return () => numbered(data as AsyncIterable<TrainingSet>);
  }
  const source = data as BlockSource;
  if (typeof source?.read !== 'function') {
    refuseValue('data', '{ X, y }, an async iterable of those, or { blocks, read }', data);
  }
  const blocks = checkInteger(source.blocks, 'data.blocks', 1);
  if (blocks > MOST_BLOCKS) throw new ValueError(`"data.blocks" must be at most ${MOST_BLOCKS}, got ${blocks}`);
  return async function* (epoch) {
    // A stream of its own for each epoch, so that a resumed training meets the same order.
    const order = random((seed + epoch) % 2 ** 32).permutation(blocks);
    for (const index of shuffle ? order : order.sort()) yield [index, await source.read(index)];
  };
}

/** @throws {ValueError} unless `data` are blocks, and the options go with them */
export function readBlocks(data: TrainingData, parts: Parts, options: FitOptions, plan: FitPlan): Blocks {
  const sets = setsOf(data, plan);
  checkWhole(options, plan);
  const { classWeight } = plan;
  return async function* (epoch, room) {
    let any = false;
    for await (const [block, set] of sets(epoch)) {
      if (!isSet(set)) throw new ValueError(`"data" must yield { X, y }, got ${describe(set)}`);
      yield { ...readRows(parts, set, room, `blocks[${block}].`, classWeight, plan.signedWeights), block };
      any = true;
    }
    if (any) return;
    throw new ShapeError(
      `"data" yields no rows in epoch ${epoch + 1}` +
        (epoch > 0 ? ': a generator ends after one epoch, pass a function' : ''),
    );
  };
}
