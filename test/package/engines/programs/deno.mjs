// Without any permission.

import * as bitgrad from 'bitgrad';
import { fromBytes, MLPClassifier, toBytes } from 'bitgrad/model';

const X = bitgrad.random(7).randn(64, 8);
const y = Array.from({ length: 64 }, (_, i) => i % 2);
const net = bitgrad.network({ inputs: 8, layers: [{ units: 16, activation: 'tanh' }, 1], seed: 3 });
const { loss } = net.gradients(X, y);
const here = await net.fit(X, y, { epochs: 5, background: false });
const there = await net.fit(X, y, { epochs: 5000 });
const model = await new MLPClassifier({ maxIter: 3, hiddenLayerSizes: [3] }).fit(X, y);
const same = fromBytes(toBytes(model)).predict(X).join() === model.predict(X).join();
console.log(JSON.stringify({ reason: bitgrad.info().backendReason, here: here.ran, there: there.ran, loss, same }));
