// The workers that trainings run in: no more at once than there are threads, and kept for a while for the next one.

import { parallelism } from '../../host/runtime.js';
import { type HostWorker, startWorker } from '../../host/workers.js';
import type { Abort } from '../loop/turns.js';
import { WorkerUnavailable } from './failures.js';
import type { FromWorker } from './messages.js';

/** A worker without work is ended after so long: a new one takes 50 ms, a kept one 1 ms (measured). */
const IDLE_MS = 3000;
/** One that holds more linear memory than this is ended at once: that never shrinks. */
const KEPT_BYTES = 64 * 1024 * 1024;

interface Idle {
  readonly worker: HostWorker;
  readonly timer: unknown;
}

const idle: Idle[] = [];
/** Workers that run, and those that wait for one to end. */
let running = 0;
const queue: (() => void)[] = [];

function next(): void {
  running--;
  queue.shift()?.();
}

/** Waits for its turn. @throws {Aborted} */
async function admitted(abort: Abort): Promise<void> {
  const limit = await parallelism();
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
  if (!away.delete(worker)) next();
}

function drop(worker: HostWorker): void {
  const at = idle.findIndex((each) => each.worker === worker);
  if (at < 0) return;
  clearTimeout(idle[at].timer as number);
  idle.splice(at, 1);
}

async function start(abort: Abort): Promise<HostWorker> {
  let worker: HostWorker | undefined;
  try {
    const started = await startWorker(new URL('./worker.js', import.meta.url), () => worker && drop(worker));
    worker = started;
    await abort.race(started.mailbox.next<FromWorker>()); // 'ready'
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
export async function takeWorker(abort: Abort): Promise<HostWorker> {
  await admitted(abort);
  try {
    let kept = idle.pop();
    while (kept?.worker.failure !== undefined) kept = idle.pop();
    if (!kept) return await start(abort);
    clearTimeout(kept.timer as number);
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
