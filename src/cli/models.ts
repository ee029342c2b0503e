// Models out of files, and what stands in them.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BitgradError, type NetworkOptions } from '../index.js';
import {
  fromBytes,
  type Loaded,
  load,
  type MLPClassifier,
  Pipeline,
  type Saveable,
  TransformedTargetRegressor,
} from '../model/index.js';
import { DataError } from '../tables/index.js';
import { LOSSES } from './random-rows.js';
import '../layers/index.js';

export const STDIN = '-';

/** What estimators and files have: `fit` is of an engine's networks. */
export type AnyNetwork = MLPClassifier['network'];

export interface OpenedModel {
  readonly model: Loaded<Saveable>;
  /** As messages call it. */
  readonly name: string;
  /** The file, if it came by standard input. */
  readonly bytes?: Uint8Array;
}

/** A pipe goes through memory, and some have no end. */
const MOST_BYTES = 2 ** 30;

async function drain(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new DataError('more than 1 GiB came through a pipe: name a file in its place');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Pipes and devices are read to their end. */
async function read(file: string): Promise<Pick<OpenedModel, 'model' | 'bytes'>> {
  const options = { contract: 'any' } as const;
  if (file !== STDIN && (await stat(file)).isFile()) return { model: await load<Saveable>(file, options) };
  const bytes = await drain(file === STDIN ? process.stdin : createReadStream(file));
  return { bytes, model: fromBytes<Saveable>(bytes, options) };
}

/**
 * The model in a file, whatever contract it was written under: `model.loadInfo` says which.
 *
 * @param file a path, or `-` for standard input
 * @throws {FileFormatError} naming the file
 */
export async function openModel(file: string): Promise<OpenedModel> {
  const name = file === STDIN ? '<stdin>' : file;
  try {
    return { name, ...(await read(file)) };
  } catch (error) {
    if (error instanceof BitgradError) {
      // By the name that it was called by.
      const said = error.message.replace(`${resolve(file)}: `, '');
      error.message = `${name}: ${said}`;
    }
    throw Object.assign(error as Error, { path: name, place: { file: name } });
  }
}

/** What learns: an estimator, or a network by itself. */
export type Learner = Exclude<Saveable, { readonly transformers: unknown }>;

export const learnerOf = (model: Saveable): Learner => (model instanceof Pipeline ? model.estimator : model) as Learner;

/** The network that does the work. */
export function networkOf(model: Saveable): AnyNetwork {
  const learner = learnerOf(model);
  if (learner instanceof TransformedTargetRegressor) return learner.regressor.network;
  return 'network' in learner ? learner.network : learner;
}

interface Named extends Pick<NetworkOptions, 'dtype' | 'seed'> {
  readonly activation: string;
  readonly loss: string;
}

/** Inputs, hidden layers, outputs; the last activation is the loss's. */
export function hiddenNetwork(sizes: readonly number[], { activation, loss, ...rest }: Named): NetworkOptions {
  const units = sizes.slice(1);
  const layers = units.map((n, i) => ({
    units: n,
    activation: i < units.length - 1 ? activation : (LOSSES[loss]?.last ?? 'identity'),
  }));
  // Which names there are the network says.
  return { inputs: sizes[0], layers, loss, ...rest } as NetworkOptions;
}
