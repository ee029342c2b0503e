// @ts-check
// A training that keeps a checkpoint until it is told to stop: as a process, node holder.mjs PATH [UID], or as a thread. Says
// 'held' after its first epoch, or the error's name and message.

import { createInterface } from 'node:readline';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { network } from 'bitgrad';
import 'bitgrad/train';

const [path, uid] = isMainThread ? process.argv.slice(2) : [workerData];
/** @param {string} text */
const say = (text) => (parentPort ? parentPort.postMessage(text) : console.log(text));
/** @type {Promise<void>} */
const told = new Promise((resolve) => {
  if (parentPort) parentPort.once('message', () => resolve());
  else createInterface(process.stdin).once('line', () => resolve());
});

if (uid) process.setuid?.(Number(uid));
const net = network({ inputs: 1, layers: [1], seed: 1 });
const onEpoch = async (/** @type {{ epoch: number }} */ { epoch }) => {
  if (epoch !== 2) return; // one checkpoint is written by then
  say('held');
  await told;
};
try {
  await net.fit([[0], [1], [2]], [1, 3, 5], { epochs: 4, background: false, checkpoint: { path }, onEpoch });
  say('done');
} catch (error) {
  const { name, message } = /** @type {Error} */ (error);
  say(`${name}: ${message}`);
}
if (isMainThread) process.exit();
parentPort?.close();
