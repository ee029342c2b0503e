// Checkpoints: a training's state as a safetensors file, whole or not at all, with a checksum over everything.

import { checkOptions, describe, ValueError } from '../errors.js';
import { FileFormatError } from '../files/errors.js';
import { readFile, writeFileAtomic } from '../files/files.js';
import { pack, unpack } from '../files/packing.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../files/safetensors.js';
import { CONTRACT_VERSION } from '../kernels.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { checkFlag, checkInteger } from './numbers.js';
import type { FitPlan } from './options.js';
import type { TrainerState } from './trainer.js';

export interface CheckpointOptions {
  /** The file; it is replaced as a whole. */
  path: string;
  /** Default 1. */
  everyEpochs?: number;
  /** How many are kept: 1 (default), or 2, the one before as `path + '.1'`. */
  keep?: number;
  /** Whether to go on where the file left off, if there is one; default false. */
  resume?: boolean;
}

export type CheckpointPlan = Required<CheckpointOptions>;

const FORMAT = 'bitgrad checkpoint';
const VERSION = '1';

/** @throws {ValueError} naming the option */
export function readCheckpointOptions(options: CheckpointOptions | undefined): CheckpointPlan | undefined {
  if (options === undefined) return undefined;
  checkOptions(options, ['path', 'everyEpochs', 'keep', 'resume'], 'checkpoint');
  const { path, everyEpochs = 1, keep = 1, resume = false } = options;
  if (typeof path !== 'string' || path === '') {
    throw new ValueError(`"checkpoint.path" must be the name of a file, got ${describe(path)}`);
  }
  if (keep !== 1 && keep !== 2) throw new ValueError(`"checkpoint.keep" must be 1 or 2, got ${describe(keep)}`);
  return {
    path,
    everyEpochs: checkInteger(everyEpochs, 'checkpoint.everyEpochs', 1),
    keep,
    resume: checkFlag(resume, 'checkpoint.resume'),
  };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * What must be the same for a training to go on; how many epochs may change, and with them the rates that a function gave
 * for epochs to come. But not those of a cosine, which runs to the last epoch: with more of them every rate would have been
 * another from the start.
 */
function identity(network: NetworkOptions, plan: FitPlan, rows: number | undefined): Json {
  const { epochs, ...rest } = plan;
  const length = plan.schedule.name === 'cosine' ? { epochs } : {};
  return JSON.parse(JSON.stringify({ network, ...rest, rows, ...length }));
}

/** The first place where two values differ, with both. */
function difference(was: Json | undefined, is: Json | undefined, place: string): [string, Json?, Json?] | undefined {
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null) {
    return was === is ? undefined : [place, was, is];
  }
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [a, b] = [was, is].map((each) => (each as { [name: string]: Json })[name]);
    const found = difference(a, b, place ? `${place}.${name}` : name);
    if (found) return found;
  }
  return undefined;
}

/** Writes states of this training. */
export function saverOf(
  { path, keep }: CheckpointPlan,
  network: NetworkOptions,
  plan: FitPlan,
  rows: number | undefined,
): (state: TrainerState) => Promise<void> {
  const training = JSON.stringify(identity(network, plan, rows));
  return async (state) => {
    const tensors = new Map<string, Tensor>();
    const metadata = {
      format: FORMAT,
      version: VERSION,
      contractVersion: String(CONTRACT_VERSION),
      training,
      state: JSON.stringify(pack(state, '', tensors)),
    };
    const checksum = await sha256(encodeSafetensors(tensors, metadata));
    await writeFileAtomic(path, encodeSafetensors(tensors, { ...metadata, sha256: checksum }), { keep });
  };
}

async function decode(bytes: Uint8Array): Promise<{ training: Json; state: TrainerState }> {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { sha256: checksum, ...rest } = metadata;
  if (rest.format !== FORMAT) throw new FileFormatError(`it is no checkpoint: its format is ${describe(rest.format)}`);
  if (rest.version !== VERSION)
    throw new FileFormatError(`it has version ${describe(rest.version)}, known is ${VERSION}`);
  if ((await sha256(encodeSafetensors(tensors, rest))) !== checksum) {
    throw new FileFormatError('its checksum is wrong: the file is damaged');
  }
  if (rest.contractVersion !== String(CONTRACT_VERSION)) {
    throw new ValueError(
      `it was written under contract version ${rest.contractVersion}, this is ${CONTRACT_VERSION}: the bits would differ`,
    );
  }
  return { training: JSON.parse(rest.training), state: unpack(JSON.parse(rest.state), tensors) as TrainerState };
}

/** A function's rates for the epochs done, of which alone they must be the same. */
function ofEpochs(training: Json, epochs: number): Json {
  const { schedule, ...rest } = training as { schedule: { rates: Json[] } };
  return { ...rest, schedule: { ...schedule, rates: schedule.rates.slice(0, epochs) } };
}

function checkSame(saved: Json, now: Json, path: string, epochs: number): void {
  const found = difference(ofEpochs(saved, epochs), ofEpochs(now, epochs), '');
  if (!found) return;
  const [place, was, is] = found;
  const text = (value: Json | undefined) => JSON.stringify(value) ?? 'not set';
  throw new ValueError(
    `"checkpoint" ${path} is of another training: its ${place} is ${text(was)}, here it is ${text(is)}` +
      (place === 'epochs' ? ', and every rate of a cosine follows from their number' : ''),
  );
}

/**
 * The state to go on with; undefined if there is no file yet.
 *
 * @throws {FileFormatError} if the file is damaged, and the one before it too; {ValueError} if it is of another training
 */
export async function readCheckpoint(
  { path }: CheckpointPlan,
  net: Network,
  plan: FitPlan,
  rows: number | undefined,
): Promise<TrainerState | undefined> {
  const reasons: string[] = [];
  let cause: unknown;
  for (const name of [path, `${path}.1`]) {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(name);
    } catch (error) {
      if (isMissing(error)) continue;
      throw error;
    }
    try {
      const { training, state } = await decode(bytes);
      checkSame(training, identity(net.options, plan, rows), name, state.epoch);
      return state;
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      reasons.push(`${name}: ${error.message}`);
      cause = error;
    }
  }
  if (reasons.length === 0) return undefined;
  throw new FileFormatError(`no checkpoint can be used: ${reasons.join('; ')}`, { cause });
}

function isMissing(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code === 'ENOENT' || cause?.code === 'ENOENT';
}
