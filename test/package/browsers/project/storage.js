// Does with files what stands in its own address, and sends what came of it to whom that names.

import * as bitgrad from 'bitgrad';
import { load, save, toBytes } from 'bitgrad/model';
import { training } from './training.js';

const given = new URLSearchParams(location.search);
const { step, sayAfter, ...options } = JSON.parse(given.get('options') ?? '{}');
/** @param {unknown} result */
const report = (result) => fetch(String(given.get('report')), { method: 'POST', body: JSON.stringify(result) });
/** @param {{ name: string, message: string }} error */
const errorOf = ({ name, message }) => ({ error: `${name}: ${message}` });
/** @param {string} name */
const fileOf = async (name) => (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });

/** What the folder holds. */
async function names() {
  const all = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) all.push(name);
  return all.sort();
}

/** 5 MB: more than a piece. */
const large = () => bitgrad.network({ inputs: 300, layers: [2000, 1], seed: 1 });

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
  /** A model from where bytes may come from, whole and damaged. */
  async blobs() {
    const bytes = toBytes(large());
    const blob = new Blob([bytes]);
    const input = /** @type {HTMLInputElement} */ (document.querySelector('input'));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'chosen'));
    input.files = transfer.files;
    const fetched = await (await fetch(URL.createObjectURL(blob))).blob();
    const [chosen] = input.files;
    const same = await Promise.all(
      [blob, fetched, chosen].map(async (each) => equal(toBytes(await load(each)), bytes)),
    );
    const flipped = bytes.slice();
    flipped[bytes.length >> 1] ^= 1;
    const damaged = [new Blob([flipped]), new File([bytes.subarray(0, 100_000)], 'torn'), 'a path'];
    return { same, errors: await Promise.all(damaged.map((each) => load(each).catch(errorOf))) };
  },

  /** A model in the folder of the origin; and many at once, of which the last one stays, and each reader has a whole one. */
  async models() {
    const net = large();
    const file = await fileOf('model');
    await save(net, file);
    const sources = [file, await file.getFile()];
    const same = await Promise.all(sources.map(async (each) => equal(toBytes(await load(each)), toBytes(net))));
    const empty = await load(await fileOf('empty')).catch(errorOf);
    const models = Array.from({ length: 6 }, (_, i) => bitgrad.network({ inputs: 100 * i + 1, layers: [50], seed: i }));
    const read = models.map(async (model) => {
      save(model, file);
      return equal(toBytes(await load(file)), toBytes(model));
    });
    return { same, empty, whole: await Promise.all(read) };
  },

  /** What becomes of a model and of a training where the browser has no room for more. */
  async full() {
    const small = bitgrad.network({ inputs: 10, layers: [10], seed: 1 });
    const file = await fileOf('model');
    await save(small, file);
    const saved = await save(bitgrad.network({ inputs: 1000, layers: [2000] }), file).catch(errorOf);
    const old = equal(toBytes(await load(file)), toBytes(small));
    // With adam's state 14 MB for the first checkpoint.
    const net = bitgrad.network({ inputs: 300, layers: [1500, 1], seed: 1 });
    const checkpoint = { path: await fileOf('run') };
    const X = Array.from({ length: 8 }, () => new Array(300).fill(1));
    const trained = await net.fit(X, new Array(8).fill(1), { background: true, checkpoint }).catch(errorOf);
    return { saved, old, trained, names: await names() };
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
