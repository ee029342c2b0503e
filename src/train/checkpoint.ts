// Checkpoints: a training's state as a safetensors file, whole or not at all, with a checksum over everything, and a lock.

import { describe } from '../checks/describe.js';
import { FileFormatError, ValueError } from '../checks/errors.js';
import { readJSONText, writeJSON } from '../files/json-text.js';
import { pack, unpack } from '../files/packing.js';
import type { Source } from '../files/place.js';
import { placeOf } from '../files/places.js';
import { layout, readSealed } from '../files/safetensors.js';
import type { Tensor } from '../files/tensor.js';
import { isMissing } from '../host/file-system.js';
import { CONTRACT_VERSION } from '../kernels/contract.js';
import { otherContract } from '../kernels/other-contract.js';
import { PARTS } from '../network/calls.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/plan.js';
import { checkEpoch, checkState, checkTraining, filed } from './checkpoint-form.js';
import { spansEpochs } from './loop/schedules.js';
import type { TrainerState } from './loop/trainer.js';
import type { CheckpointPlan, CheckpointTarget, FitPlan } from './options.js';

/** A place that is this training's until it is released. */
export interface OpenCheckpoint {
  readonly plan: CheckpointPlan;
  release(): Promise<void>;
}

const FORMAT = 'bitgrad checkpoint';
/** 2: curves are tensors, and the checksum stands in its place while it is taken. */
const VERSION = '2';

/**
 * Makes a place this training's own.
 *
 * @throws {ValueError} if no file can be written there; {FileLockedError} if another training does
 */
export async function openCheckpoint(options: CheckpointTarget): Promise<OpenCheckpoint> {
  const { where, lock, release } = await placeOf(options.path).claim(options.keep, 'checkpoint.path');
  return { plan: { ...options, path: where, lock }, release };
}

/**
 * What must be the same for a training to go on; how many epochs may change, and with them the rates that a function gave
 * for epochs to come. But not those of a schedule that runs to the last epoch: with more of them every rate would have been
 * another from the start.
 */
function fingerprint(network: NetworkOptions, plan: FitPlan, rows: number | undefined): object {
  const { epochs, ...rest } = plan;
  return { network, ...rest, rows, ...(spansEpochs(plan.schedule) && { epochs }) };
}

/** The first place where two values differ, with both. */
function difference(was: unknown, is: unknown, place: string): [place: string, was: unknown, is: unknown] | undefined {
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null) {
    return Object.is(was, is) ? undefined : [place, was, is];
  }
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [a, b] = [was, is].map((each) => (Object.hasOwn(each, name) ? each[name as keyof typeof each] : undefined));
    const found = difference(a, b, place ? `${place}.${name}` : name);
    if (found) return found;
  }
  return undefined;
}

/** Writes states of this training. The promise rejects with a FileLockedError if the place is no longer this training's. */
export function saverOf(
  { path, keep, lock }: CheckpointPlan,
  network: NetworkOptions,
  plan: FitPlan,
  rows: number | undefined,
): (state: TrainerState) => Promise<void> {
  const training = fingerprint(network, plan, rows);
  const place = placeOf(path);
  return async (state) => {
    const tensors = new Map<string, Tensor>();
    const metadata = {
      format: FORMAT,
      version: VERSION,
      contractVersion: String(CONTRACT_VERSION),
      training: writeJSON(pack(training, 'training', tensors)),
      state: writeJSON(pack(filed(state, plan), '', tensors)),
    };
    await place.write(layout(tensors, metadata, true), { keep, lock });
  };
}

interface Saved {
  readonly training: ReturnType<typeof checkTraining>;
  readonly state: unknown;
}

async function read(source: Source): Promise<Saved> {
  const { tensors, metadata, checksum } = await readSealed(source);
  const { format, version, contractVersion } = metadata;
  if (format !== FORMAT) throw new FileFormatError(`it is no checkpoint: its format is ${describe(format)}`);
  if (version !== VERSION) throw new FileFormatError(`it has version ${describe(version)}, known is ${VERSION}`);
  if (checksum !== 'verified') throw new FileFormatError('its checksum is wrong: the file is damaged');
  const other = otherContract('it', Number(contractVersion));
  if (other) throw new ValueError(`${other}: the bits would differ`);
  return {
    training: checkTraining(unpack(readJSONText(metadata.training, 'its training'), tensors)),
    state: unpack(readJSONText(metadata.state, 'its state'), tensors),
  };
}

/** A function's rates for the epochs done, of which alone they must be the same. */
function ofEpochs(training: Saved['training'], epochs: number): object {
  const { schedule } = training;
  return { ...training, schedule: { ...schedule, rates: schedule.rates.slice(0, epochs) } };
}

function checkSame(saved: Saved['training'], now: object, name: string, epochs: number): void {
  const found = difference(ofEpochs(saved, epochs), ofEpochs(now as Saved['training'], epochs), '');
  if (!found) return;
  const [place, ...values] = found;
  const [was, is] = values.map((value) => (value === undefined ? 'not set' : describe(value)));
  throw new ValueError(
    `"checkpoint" ${name} is of another training: its ${place.slice(0, 40)} is ${was}, here it is ${is}` +
      (place === 'epochs' ? `, and every rate of a ${saved.schedule.name} follows from their number` : ''),
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
  const size = { parameters: net[PARTS].plan.size, dtype: net.dtype };
  const now = fingerprint(net.options, plan, rows);
  const reasons: string[] = [];
  let cause: unknown;
  const place = placeOf(path);
  for (const each of await place.generations()) {
    try {
      const { training, state } = await read(each);
      checkSame(training, now, each.name, checkEpoch(state));
      return checkState(state, size, plan, rows);
    } catch (error) {
      if (isMissing(error)) continue;
      if (!(error instanceof FileFormatError)) throw error;
      reasons.push(`${each.name === place.name ? place.name : 'the one before it'}: ${error.message}`);
      cause = error;
    }
  }
  if (reasons.length === 0) return undefined;
  throw new FileFormatError(`no checkpoint can be used: ${reasons.join('; ')}`, { cause });
}
