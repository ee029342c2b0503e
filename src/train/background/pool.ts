// The workers that trainings run in: no more at once than there are threads, and kept for a while for the next one.

import type { WorkerLike } from '../../host/mailbox.js';
import { quota } from '../../host/quota.js';
import { afterOthers, parallelism } from '../../host/runtime.js';
import { type HostWorker, sharedNumber, startWorker } from '../../host/workers.js';
import type { Abort } from '../loop/turns.js';
import { WorkerUnavailable } from './failures.js';
import type { FromWorker } from './messages.js';

/** One that says nothing for so long after its start did not load, where the host does not say that of itself. */
const READY_MS = 2000;
/** A worker without work is ended after so long: a new one takes 50 ms, a kept one 1 ms (measured). */
const IDLE_MS = 3000;
/** One that holds more linear memory than this is ended at once: that never shrinks. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** How to start a worker, if a caller knows better than we do. */
type Create = (() => WorkerLike) | undefined;

interface Idle {
  readonly worker: HostWorker;
  readonly timer: unknown;
}

const idle: Idle[] = [];
/** How each was made: it serves those trainings alone that would make it so. */
const made = new WeakMap<HostWorker, Create>();
/** Workers that run, and those that wait for one to end. */
let running = 0;
const queue: (() => void)[] = [];

let most = 1;
/** Of workers that train how many threads each may have. */
const shares = new Map<HostWorker, Int32Array>();

/** How many threads are to run at once. */
export async function cores(): Promise<number> {
  most = Math.min(await parallelism(), Math.ceil(quota()));
  return most;
}

/** Trainings at work share the cores. */
function deal(): void {
  for (const share of shares.values()) Atomics.store(share, 0, Math.max(1, Math.floor(most / Math.max(1, running))));
}

/** How many threads a training in this worker may have, for as long as it has its turn; undefined where memory is not shared. */
export function shareOf(worker: HostWorker): Int32Array | undefined {
  const share = sharedNumber();
  if (share) shares.set(worker, share);
  deal();
  return share;
}

function next(): void {
  running--;
  deal();
  queue.shift()?.();
}

/** Waits for its turn. @throws {Aborted} */
async function admitted(abort: Abort): Promise<void> {
  const limit = await cores();
  if (running >= limit) {
    let admit = () => {};
    const turn = new Promise<void>((resolve) => {
      admit = resolve;
    });
    queue.push(admit);
    try {
      await abort.race(turn);
    } catch (error) {
      const at = queue.indexOf(admit);
      if (at >= 0) queue.splice(at, 1);
      // It was admitted and aborted in the same turn: whoever comes next has its place.
      else queue.shift()?.();
      throw error;
    }
  }
  running++;
  deal();
}

/** Workers whose training waits for its caller's own code: others may run meanwhile. */
const away = new WeakSet<HostWorker>();

/**
 * Gives a training's turn to others while it waits for its caller's code, which may wait for one of them.
 *
 * @throws {Aborted}
 */
export async function whileAway<T>(worker: HostWorker, abort: Abort, work: PromiseLike<T>): Promise<T> {
  away.add(worker);
  next();
  const result = await abort.race(work);
  await admitted(abort);
  away.delete(worker);
  return result;
}

/** Its turn is over, unless it was given away already. */
function ended(worker: HostWorker): void {
  shares.delete(worker);
  if (!away.delete(worker)) next();
}

function drop(worker: HostWorker): void {
  const at = idle.findIndex((each) => each.worker === worker);
  if (at < 0) return;
  clearTimeout(idle[at].timer as number);
  idle.splice(at, 1);
}

/** Its first words. */
async function answered({ mailbox, sure }: HostWorker): Promise<void> {
  // A turn later: what it said while this thread was busy comes first.
  const late = () => afterOthers(() => mailbox.fail(new Error(`it did not load within ${READY_MS / 1000} s`)));
  // On a slow machine, or an emulated one, a thread may take longer.
  const timer = sure ? undefined : setTimeout(late, READY_MS);
  try {
    const message = await mailbox.next<FromWorker | undefined>();
    if (message?.type !== 'ready') throw new Error('it is no worker of bitgrad');
  } finally {
    clearTimeout(timer);
  }
}

async function start(abort: Abort, create: Create): Promise<HostWorker> {
  let worker: HostWorker | undefined;
  try {
    const started = await startWorker(create, () => worker && drop(worker));
    worker = started;
    made.set(started, create);
    await abort.race(answered(started));
    return started;
  } catch (cause) {
    worker?.terminate();
    abort.check();
    throw new WorkerUnavailable('no worker can be started', { cause });
  }
}

/**
 * A worker that waits for a training, for as long as it is not given back.
 *
 * @throws {WorkerUnavailable} if there is none to be had; {Aborted}
 */
export async function takeWorker(abort: Abort, create: Create): Promise<HostWorker> {
  await admitted(abort);
  try {
    const kept = [...idle].reverse().find(({ worker }) => made.get(worker) === create);
    if (!kept) return await start(abort, create);
    drop(kept.worker);
    kept.worker.keepAlive(true);
    return kept.worker;
  } catch (error) {
    next();
    throw error;
  }
}

/** @param memory bytes that it holds; undefined if it is not to be used again */
export function giveBack(worker: HostWorker, memory: number | undefined): void {
  if (memory === undefined || memory > KEPT_BYTES || worker.failure !== undefined) {
    const over = () => ended(worker);
    worker.terminate().then(over, over);
    return;
  }
  worker.keepAlive(false);
  const timer = setTimeout(() => {
    drop(worker);
    worker.terminate();
  }, IDLE_MS);
  // Of no concern to a process that has nothing else to do; browsers have numbers.
  (timer as { unref?(): void }).unref?.();
  idle.push({ worker, timer });
  ended(worker);
}
