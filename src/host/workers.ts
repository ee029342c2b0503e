// Workers: how each host starts one, and how it is noticed that one did not start or has ended.

import { type AnyPort, listen, Mailbox, type WorkerLike } from './mailbox.js';
import { hasWorkers, isNode, nodeModule } from './runtime.js';

type AnyWorker = AnyPort & WorkerLike & { ref?(): void; unref?(): void };
type Start = new (url: URL | string, options: object) => AnyWorker;

declare const Worker: Start;

/** Of a program that was bundled as CommonJS, where modules have no address. */
declare const __filename: string | undefined;

/** The program, if no bundler knows better: beside this file. Not as `new URL(...)`, whose file bundlers would copy as it is. */
function besideThis(): string {
  const here = import.meta.url ?? (typeof __filename === 'string' ? __filename : '');
  return here.replace(/[^/\\]*$/, 'worker.js');
}

/** Pages may not start a worker from another origin; but one of their own may import it from there. */
function importing(url: string): AnyWorker {
  const blob = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  // It was read by then, or never will be.
  listen(worker, 'message', () => URL.revokeObjectURL(address));
  listen(worker, 'error', () => URL.revokeObjectURL(address));
  return worker;
}

function isElsewhere(url: string): boolean {
  const { origin } = globalThis as { origin?: string };
  return /^https?:/.test(url) && origin !== undefined && new URL(url).origin !== origin;
}

async function startOwn(): Promise<AnyWorker> {
  if (isNode()) {
    const threads = await nodeModule<{ Worker: Start }>('worker_threads');
    // Without the program's own flags: those of `node -e` refuse a file.
    const address = besideThis();
    return new threads.Worker(/^file:/.test(address) ? new URL(address) : address, { __proto__: null, execArgv: [] });
  }
  if (!hasWorkers()) throw new Error('this host has no workers');
  if (isElsewhere(import.meta.url)) return importing(besideThis());
  // In these very words, which bundlers look for: they make a worker of that file.
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/** A number that a worker sees change while it works; undefined where pages share no memory, unless they are isolated. */
export const sharedFlag = (): Int32Array | undefined =>
  typeof SharedArrayBuffer === 'function' ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

export interface HostWorker {
  readonly mailbox: Mailbox;
  /** Why it ended; undefined as long as it runs. */
  readonly failure: unknown;
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
    keepAlive: (alive) => (alive ? worker.ref?.() : worker.unref?.()),
    async terminate() {
      failed(new Error('the worker was ended'));
      await worker.terminate();
    },
  };
}
