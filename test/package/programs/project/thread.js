// The program in a thread.

import { Worker } from 'node:worker_threads';

new Worker(new URL('./program.js', import.meta.url), { argv: process.argv.slice(2) });
