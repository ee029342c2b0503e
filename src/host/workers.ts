// Workers, and what is said between them: Node's threads and the web's workers.

import { isNode, nodeModule } from './runtime.js';

interface Port {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
}

/** A port or worker of either kind. */
type AnyPort = Port & {
  on?(event: string, listener: (value: never) => void): void;
  addEventListener?(event: string, listener: (event: never) => void): void;
  start?(): void;
};

/** What is used of node:worker_threads. */
interface WorkerThreads {
  Worker: new (url: URL, options: object) => AnyWorker;
  parentPort: AnyPort;
}

/** Messages that came in, in their order. */
export class Mailbox {
  readonly #port: AnyPort;
  readonly #queue: unknown[] = [];
  #waiting: { resolve: (message: never) => void; reject: (error: unknown) => void } | undefined;
  #failure: { error: unknown } | undefined;

  constructor(port: AnyPort) {
    this.#port = port;
    const arrived = (message: unknown) => {
      if (!this.#waiting) this.#queue.push(message);
      else {
        this.#waiting.resolve(message as never);
        this.#waiting = undefined;
      }
    };
    if (port.on) port.on('message', arrived);
    else port.addEventListener?.('message', (event: { data: unknown }) => arrived(event.data));
    port.start?.();
  }

  post(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  /** The next message. */
  next<T>(): Promise<T> {
    if (this.#queue.length > 0) return Promise.resolve(this.#queue.shift() as T);
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** No message will come any more. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

export interface HostWorker {
  readonly mailbox: Mailbox;
  /** Why it ended; undefined as long as it runs. */
  readonly failure: unknown;
  /** Whether it keeps the process alive. */
  keepAlive(alive: boolean): void;
  terminate(): Promise<unknown>;
}

type AnyWorker = AnyPort & { terminate(): unknown; ref?(): void; unref?(): void };

/** Starts a worker. @param ended called when it has ended, for whatever reason */
export async function startWorker(url: URL, ended: () => void): Promise<HostWorker> {
  let failure: unknown;
  const failed = (cause: unknown) => {
    failure ??= cause;
    mailbox.fail(failure);
  };
  let worker: AnyWorker;
  if (isNode()) {
    const { Worker } = await nodeModule<WorkerThreads>('worker_threads');
    // Without the program's own flags: those of `node -e` refuse a file.
    worker = new Worker(url, { __proto__: null, execArgv: [] });
    worker.on?.('error', failed);
    worker.on?.('exit', (code: number) => {
      failed(new Error(`the worker ended with exit code ${code}`));
      ended();
    });
  } else {
    const { Worker } = globalThis as { Worker?: new (url: URL, options: object) => AnyWorker };
    if (!Worker) throw new Error('this host has no workers');
    worker = new Worker(url, { type: 'module' });
    worker.addEventListener?.('error', (event: { message?: string }) => {
      failed(new Error(event.message ?? 'it did not load'));
    });
  }
  const mailbox = new Mailbox(worker);
  return {
    mailbox,
    get failure() {
      return failure;
    },
    keepAlive: (alive) => (alive ? worker.ref?.() : worker.unref?.()),
    async terminate() {
      const known = failure !== undefined;
      failed(new Error('the worker was ended'));
      await worker.terminate();
      if (!isNode() && !known) ended();
    },
  };
}

/** The other end, in a worker. */
export async function parentMailbox(): Promise<Mailbox> {
  if (!isNode()) return new Mailbox(globalThis as unknown as AnyPort);
  const { parentPort } = await nodeModule<WorkerThreads>('worker_threads');
  return new Mailbox(parentPort);
}
