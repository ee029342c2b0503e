// A worker of workerd: answers each path with what it found.

import * as bitgrad from 'bitgrad';
import core from 'bitgrad/kernels.wasm';
import layers from 'bitgrad/layers.wasm';
import { MLPRegressor } from 'bitgrad/model';
import training from 'bitgrad/training.wasm';
import * as ts from 'bitgrad/ts';
import { computeGolden } from './golden.mjs';

const engine = bitgrad.createEngine({ module: { core, layers, training } });
const rng = bitgrad.random(7);
const X = rng.randn(512, 16);
const y = rng.randn(512, 2);
const network = () => engine.network({ inputs: 16, layers: [{ units: 32, activation: 'mish' }, 2], seed: 3 });

async function aborted(signal) {
  const start = Date.now();
  const reason = await network()
    .fit(X, y, { epochs: 1e7, background: false, signal })
    .then(
      () => 'it came to its end',
      (error) => error.name,
    );
  return { reason, ms: Date.now() - start };
}

const PATHS = {
  async info() {
    const net = network();
    const before = net.gradients(X, y).loss;
    const { ran, loss } = await net.fit(X, y, { epochs: 5, batchSize: 32 });
    const worthAWorker = await net.fit(X, y, { epochs: 300, batchSize: 512 });
    // More than what makes the host's collector look.
    for (let i = 0; i < 400; i++) engine.zeros(1024, 128).dispose();
    const model = await new MLPRegressor({ engine, hiddenLayerSizes: [8], maxIter: 5 }).fit(X, y);
    return {
      packs: engine.info().packs,
      automatic: bitgrad.info().backendReason,
      learns: loss[4] < before,
      ran,
      worthAWorker: worthAWorker.ran,
      same: (await model.predictAsync(X)).toString() === model.predict(X).toString(),
      registry: typeof FinalizationRegistry,
      node: typeof process,
    };
  },
  golden: async () => ({ wasm: await computeGolden({ ...bitgrad, ...engine }), ts: await computeGolden(ts) }),
  timeout: () => aborted(AbortSignal.timeout(100)),
  controller() {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RangeError('enough')), 100);
    return aborted(controller.signal);
  },
};

export default {
  async fetch(request) {
    const path = new URL(request.url).pathname.slice(1);
    try {
      return Response.json(await PATHS[path]());
    } catch (error) {
      return Response.json({ error: `${error}\n${error.stack}` });
    }
  },
};
