// Imported before a program: no thread can be started.

import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

/** @type {any} */ (threads).Worker = class {
  constructor() {
    throw new Error('no threads for you');
  }
};
syncBuiltinESMExports();
