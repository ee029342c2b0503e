// Run by engines without WebAssembly, modules or a process, which give it `print`.

import './digest.js';
import * as bitgrad from 'bitgrad';
import { fromBytes, MLPClassifier, toBytes } from 'bitgrad/model';
import { train } from 'bitgrad/train';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { computeGolden } from './golden.mjs';

const X = [
  [0, 1],
  [1, 0],
  [1, 1],
];

function thrown(call) {
  try {
    return call();
  } catch (error) {
    return error.name;
  }
}

async function report() {
  const { backend, backendReason } = bitgrad.info();
  const net = bitgrad.network({ inputs: 2, layers: [{ units: 3, activation: 'mish' }, 1], seed: 1 });
  const { loss } = net.gradients(X, [1, 2, 3]);
  const { ran } = await net.fit(X, [1, 2, 3], { epochs: 3 });
  const later = await train(net, { X, y: [1, 2, 3] }, { epochs: 200 });
  const model = await new MLPClassifier({ hiddenLayerSizes: [3], maxIter: 3 }).fit(X, ['ä', 'ö', 'ä']);
  const again = fromBytes(toBytes(model)).predictProba(X);
  return {
    backend,
    backendReason,
    wasm: thrown(() => wasm.sigmoid(0)),
    learns: later.loss[199] < loss,
    ran,
    sameModel: again.toString() === model.predictProba(X).toString(),
    golden: await computeGolden(ts),
  };
}

report().then(
  (result) => print(JSON.stringify(result)),
  (error) => print(JSON.stringify({ error: `${error}\n${error.stack}` })),
);
