// Imported before a program: no thread but the first can have WebAssembly memory, as where address space is short.

import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

if (threads.isMainThread) {
  // Threads begin here, with the text that they are to run as their argument.
  const { Worker } = threads;
  /** @type {any} */ (threads).Worker = class extends Worker {
    /** @param {string} text @param {import('node:worker_threads').WorkerOptions} options */
    constructor(text, options) {
      super(new URL(import.meta.url), { ...options, eval: false, argv: [text] });
    }
  };
  syncBuiltinESMExports();
} else {
  for (const name of ['Memory', 'Instance']) {
    /** @type {any} */ (WebAssembly)[name] = class {
      constructor() {
        throw new RangeError('no memory for you');
      }
    };
  }
  await import(`data:text/javascript,${encodeURIComponent(process.argv[2])}`);
}
