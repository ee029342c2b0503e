// Does with files what stands in its own address, and sends what came of it to whom that names.

import * as bitgrad from 'bitgrad';
import { load, save, toBytes } from 'bitgrad/model';
import { training } from './training.js';

const root = await navigator.storage.getDirectory();
const given = new URLSearchParams(location.search);
const { step, sayAfter, ...options } = JSON.parse(given.get('options') ?? '{}');
/** @param {unknown} result */
const report = (result) => fetch(String(given.get('report')), { method: 'POST', body: JSON.stringify(result) });
/** @param {{ name: string, message: string }} error */
const errorOf = ({ name, message }) => ({ error: `${name}: ${message}` });
/** @param {string} name */
const fileOf = (name) => root.getFileHandle(name, { create: true });

/** What the folder holds. */
async function names() {
  const all = [];
  for await (const name of root.keys()) all.push(name);
  return all.sort();
}

/** @param {Uint8Array} a @param {Uint8Array} b */
const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The training that Node has done, with a checkpoint, and the epoch with which it began here.
 *
 * @param {import('bitgrad/train').FitOptions} [more]
 */
async function train({ onEpoch, ...more } = {}) {
  const checkpoint = { path: await fileOf('run'), keep: 2, resume: true };
  let first = 0;
  /** @param {import('bitgrad/train').EpochReport} each */
  const seen = (each) => {
    first ||= each.epoch;
    if (each.epoch === first + sayAfter) report({ first });
    return onEpoch?.(each);
  };
  const result = await training(bitgrad, { ...options, ...more, background: true, checkpoint, onEpoch: seen });
  return { ...result, first };
}

/** @type {Record<string, () => Promise<object>>} */
const STEPS = {
  /** A model in each of the places that there are. */
  async models() {
    const net = bitgrad.network({ inputs: 300, layers: [2000, 1], seed: 1 }); // 5 MB: more than a piece
    const bytes = toBytes(net);
    const file = await fileOf('model');
    await save(net, file);
    const stored = await file.getFile();
    const input = /** @type {HTMLInputElement} */ (document.querySelector('input'));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'chosen'));
    input.files = transfer.files;
    const blob = new Blob([bytes]);
    const sources = {
      handle: file,
      stored,
      blob,
      fetched: await (await fetch(URL.createObjectURL(blob))).blob(),
      input: /** @type {FileList} */ (input.files)[0],
    };
    const same = [];
    for (const [name, source] of Object.entries(sources)) {
      if (equal(toBytes(await load(source)), bytes)) same.push(name);
    }

    const torn = await fileOf('torn');
    const writable = await torn.createWritable();
    await writable.write(bytes.subarray(0, 100_000));
    await writable.close();
    const flipped = bytes.slice();
    flipped[bytes.length >> 1] ^= 1;
    /** @type {string[]} */
    const errors = [];
    for (const source of ['model', torn, new Blob([flipped]), await fileOf('empty')]) {
      await load(source).catch((error) => errors.push(errorOf(error).error));
    }

    // At once: the last one stays, and each reader has a whole one.
    const models = Array.from({ length: 6 }, (_, i) => bitgrad.network({ inputs: 100 * i + 1, layers: [50], seed: i }));
    const read = models.map(async (model) => {
      save(model, file);
      return equal(toBytes(await load(file)), toBytes(model));
    });
    return { same, errors, whole: await Promise.all(read), size: stored.size === bytes.length };
  },

  /** Trains on while it says where it is, to be killed; and what there was before and after. */
  train: async () => ({ before: await names(), ...(await train()), after: await names() }),

  /** Aborts a training in its worker, and goes on with it; meanwhile nobody else may. */
  async abort() {
    const controller = new AbortController();
    let second;
    const aborted = await train({
      signal: controller.signal,
      async onEpoch({ epoch }) {
        if (epoch !== 5) return;
        const url = new URL(location.href);
        url.searchParams.set('options', JSON.stringify({ ...options, step: 'second' }));
        const frame = document.createElement('iframe');
        const said = new Promise((resolve) => addEventListener('message', resolve, { once: true }));
        frame.src = url.href;
        document.body.append(frame);
        second = (await said).data;
        setTimeout(() => controller.abort(), 20);
      },
    }).catch(errorOf);
    // But not of the file, which a worker that has just been ended may be writing still: whoever reads it waits.
    const { held = [] } = await navigator.locks.query();
    const claims = held.filter(({ name }) => name?.startsWith('bitgrad checkpoint'));
    return { ...(await train()), aborted, second, isolated: crossOriginIsolated, held: claims };
  },

  /** Is loaded anew while it trains. */
  async reload() {
    const { left } = sessionStorage;
    sessionStorage.left = true;
    return train({
      onEpoch({ epoch }) {
        if (!left && epoch === 5) location.reload();
      },
    });
  },

  /** In a frame of a page that trains. */
  second: () => train().catch(errorOf),

  /** Those of the docs. */
  async examples() {
    /** @type {unknown[]} */
    const seen = [];
    Object.assign(globalThis, { check: (/** @type {unknown} */ value) => seen.push(value) });
    for (const file of options.files) await import(`./${file}`);
    return { seen };
  },
};

const result = await STEPS[step]().catch(errorOf);
if (step === 'second') parent.postMessage(result);
else await report(result);
