// Workers: how each host starts one, and how it is noticed that one did not start or has ended.

import { listen, Mailbox, type WorkerLike } from './mailbox.js';
import { hasWorkers, isNode, nodeModule } from './runtime.js';
import { type AnyWorker, ofText, type Start } from './threads.js';
import { trusted } from './trusted.js';

declare const Worker: Start;

/** Of the page, or 'null' if it has none, as in a sandbox. */
const originHere = (): string | undefined => (globalThis as { origin?: string }).origin;

/** Pages may not start a worker from another origin; but one of their own may import it from there. */
function importing(url: string): AnyWorker {
  const text = `import ${JSON.stringify(url)};`;
  const start = (address: string) => trusted(() => new Worker(address, { type: 'module' }));
  // Where there is no origin Chromium takes no module from a Blob.
  if (originHere() === 'null') return start(`data:text/javascript,${encodeURIComponent(text)}`);
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = start(address);
  // It was read by then, or never will be.
  listen(worker, 'message', () => URL.revokeObjectURL(address));
  listen(worker, 'error', () => URL.revokeObjectURL(address));
  return worker;
}

/**
 * The address of a file beside this one. With a name that bundlers cannot see, or they would copy the file as it is; webpack would write
 * down where this file was on the machine that built the page, unless it is told to leave this alone.
 */
const beside = (name: string): string => new URL(/* webpackIgnore: true */ name, import.meta.url).href;

function isElsewhere(url: string): boolean {
  const origin = originHere();
  return /^https?:/.test(url) && origin !== undefined && new URL(url).origin !== origin;
}

async function startOwn(): Promise<AnyWorker> {
  if (isNode()) {
    const threads = await nodeModule<{ Worker: Start }>('worker_threads');
    return ofText(threads.Worker, (await import('./worker-text.cjs')).source, true);
  }
  if (!hasWorkers()) throw new Error('this host has no workers');
  const own = beside('worker.js');
  if (isElsewhere(own)) return importing(own);
  // In these very words, which bundlers look for: they make a worker of that file.
  return trusted(() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
}

/** A number that both see change while they work; undefined where pages share no memory, unless they are isolated. */
export const sharedNumber = (): Int32Array | undefined =>
  typeof SharedArrayBuffer === 'function' ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

export interface HostWorker {
  readonly mailbox: Mailbox;
  /** Why it ended; undefined as long as it runs. */
  readonly failure: unknown;
  /** Whether it can be waited for: the host says if it does not load. Of a thread of our own it does. */
  readonly sure: boolean;
  /** Whether it keeps the process alive. */
  keepAlive(alive: boolean): void;
  terminate(): Promise<unknown>;
}

/**
 * Starts a worker.
 *
 * @param create how, if the caller knows better
 * @param ended called when it has ended, for whatever reason
 */
export async function startWorker(create: (() => WorkerLike) | undefined, ended: () => void): Promise<HostWorker> {
  const worker: AnyWorker = create ? create() : await startOwn();
  const mailbox = new Mailbox(worker);
  let failure: unknown;
  const failed = (cause: unknown) => {
    if (failure !== undefined) return;
    failure = cause;
    mailbox.fail(failure);
    ended();
  };
  listen<Error | ErrorEvent>(worker, 'error', (cause) => {
    // The web's event, which it would print as well, says less than Node's error: that it did not load, at most.
    if (worker.on) return failed(cause);
    (cause as ErrorEvent).preventDefault();
    failed(new Error(cause.message || 'it did not load'));
  });
  listen(worker, 'messageerror', () => failed(new Error('a message of the worker could not be read')));
  listen<number>(worker, 'exit', (code) => failed(new Error(`the worker ended with exit code ${code}`)));
  return {
    mailbox,
    get failure() {
      return failure;
    },
    sure: !create && worker.on !== undefined,
    keepAlive: (alive) => (alive ? worker.ref?.() : worker.unref?.()),
    async terminate() {
      failed(new Error('the worker was ended'));
      await worker.terminate();
    },
  };
}
