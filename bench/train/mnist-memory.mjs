// A program that trains on MNIST and does nothing else, on Node alone; prints what it took, its memory too.

import { engine } from 'bitgrad/wasm';
import { trainMnist } from './mnist.mjs';

const task = JSON.parse(process.argv[2]);
const outcome = await trainMnist(engine, task);
console.log(JSON.stringify({ ...outcome, peakBytes: 1024 * process.resourceUsage().maxRSS }));
