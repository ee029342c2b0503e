// What an app of React Native does with it, which Node does as well: trains with the options that it is called with.

import * as bitgrad from 'bitgrad';
import { MLPRegressor } from 'bitgrad/model';
import { train } from 'bitgrad/train';
import * as ts from 'bitgrad/ts';
import { training } from './training.js';

/** @param {import('bitgrad/train').FitOptions} options */
async function app(options) {
  const net = ts.network({ inputs: 1, layers: [1], seed: 1 });
  await train(net, { X: [[1], [2]], y: [2, 4] }, { epochs: 3 });
  const model = new MLPRegressor({ hiddenLayerSizes: [4], maxIter: 5, randomState: 1 });
  await model.fit([[0], [1], [2]], [0, 1, 2]);
  return {
    ...(await training(bitgrad, options)),
    forward: net.forward([[3]]).toArray(),
    predicted: Array.from(model.predict([[1]])),
  };
}

Object.assign(globalThis, { app });
