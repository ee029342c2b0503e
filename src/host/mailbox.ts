// What is said between a worker and who started it: the web's workers and Node's threads alike.

import { isNode, nodeModule } from './runtime.js';

/** What is used of a worker of either kind, as `new Worker(...)` makes one. */
export interface WorkerLike {
  /** Sends a message; buffers in `transfer` move to the worker. */
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  /** Ends it at once. */
  terminate(): unknown;
}

/** A port or worker of either kind, with what only one of them has. */
export type AnyPort = Pick<WorkerLike, 'postMessage'> & {
  on?(event: string, listener: (value: never) => void): void;
  addEventListener?(event: string, listener: (event: never) => void): void;
  start?(): void;
};

/** Calls back with Node's value, or with the web's event. */
export function listen<T>(port: AnyPort, event: string, listener: (value: T) => void): void {
  if (port.on) port.on(event, listener as (value: never) => void);
  else port.addEventListener?.(event, listener as (value: never) => void);
}

/** Messages that came in, in their order. */
export class Mailbox {
  readonly #port: AnyPort;
  readonly #queue: unknown[] = [];
  #waiting: { resolve: (message: never) => void; reject: (error: unknown) => void } | undefined;
  #failure: { error: unknown } | undefined;

  constructor(port: AnyPort) {
    this.#port = port;
    listen<{ data: unknown }>(port, 'message', (value) => {
      const message = port.on ? value : value.data;
      if (!this.#waiting) this.#queue.push(message);
      else {
        this.#waiting.resolve(message as never);
        this.#waiting = undefined;
      }
    });
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

/** The other end, in a worker. */
export async function parentMailbox(): Promise<Mailbox> {
  // Where there is Node's module too, the worker may still be one of the web: Deno's and Bun's own.
  const threads = isNode() ? await nodeModule<{ parentPort: AnyPort | null }>('worker_threads') : undefined;
  const port = threads?.parentPort ?? (globalThis as unknown as AnyPort);
  const mailbox = new Mailbox(port);
  listen(port, 'messageerror', () => mailbox.fail(new Error('a message could not be read in the worker')));
  return mailbox;
}
