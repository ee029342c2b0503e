// Threads that share an engine's work: what is used of them, however they are started.

import { type AnyPort, listen, type WorkerLike } from './mailbox.js';
import { builtin, isNode, nodeModule, processOf } from './runtime.js';

export type AnyWorker = AnyPort & WorkerLike & { ref?(): void; unref?(): void };
export type Start = new (url: URL | string, options: object) => AnyWorker;

/** It keeps no process alive. */
export interface Thread {
  post(message: unknown): void;
  terminate(): void;
}

/** Starts one. @param first what it is told first @param ended called when it has ended, or there is none */
export type StartThread = (first: unknown, ended: () => void) => Thread;

/** @param make a worker, at once where that can be: a program may not wait for anything for long */
export const threadBy =
  (make: () => AnyWorker | Promise<AnyWorker>): StartThread =>
  (first, ended) => {
    let worker: AnyWorker | undefined;
    let over = false;
    const waiting = [first];
    const started = (it: AnyWorker) => {
      worker = it;
      if (over) it.terminate();
      else {
        it.unref?.();
        listen<ErrorEvent>(it, 'error', (event) => {
          event.preventDefault?.();
          ended();
        });
        listen(it, 'exit', ended);
        for (const message of waiting) it.postMessage(message);
      }
    };
    try {
      const made = make();
      if ('then' in made) made.then(started, ended);
      else started(made);
    } catch {
      ended();
    }
    return {
      post: (message) => (worker ? worker.postMessage(message) : waiting.push(message)),
      terminate() {
        over = true;
        worker?.terminate();
      },
    };
  };

/** Whether this is the thread that a program began with. */
export const isMainThread = (): boolean =>
  !isNode() || builtin<{ isMainThread: boolean }>('worker_threads')?.isMainThread !== false;

/** Whether this process is one of a cluster, of a test runner, or of who else has forked it to talk with it. */
export const isForked = (): boolean => typeof (processOf() as { send?: unknown } | undefined)?.send === 'function';

interface NodeThreads {
  readonly Worker: Start;
  readonly workerData: { readonly source?: string } | null;
}

/**
 * As text, which bundlers and compilers take along: nothing need lie beside a program that they made.
 *
 * @param again whether it is to start others like itself
 */
export function ofText(Worker: Start, source: string, again: boolean): AnyWorker {
  // Without the program's own flags, which are meant for its file, or say that its text is a module; nor its environment, for
  // which Deno would ask.
  const workerData = again ? { source } : null;
  return new Worker(source, { __proto__: null, eval: true, execArgv: [], env: { __proto__: null }, workerData });
}

/** From within a worker: another one like it. */
export const startAgain = threadBy(() => {
  const ofNode = ({ Worker, workerData }: NodeThreads) => ofText(Worker, workerData?.source as string, false);
  if (isNode()) {
    const threads = builtin<NodeThreads>('worker_threads');
    return threads ? ofNode(threads) : nodeModule<NodeThreads>('worker_threads').then(ofNode);
  }
  const { Worker, location } = globalThis as unknown as { Worker: Start; location: { href: string } };
  return new Worker(location.href, { type: 'module' });
});
