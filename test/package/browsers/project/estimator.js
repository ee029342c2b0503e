// An estimator from end to end: it learns, is written, and read again.

import { bitsOf } from './training.js';

/** @param {Pick<typeof import('bitgrad'), 'random'> & typeof import('bitgrad/model')} bitgrad */
export async function estimator({ random, MLPClassifier, StandardScaler, Pipeline, toBytes, fromBytes }) {
  const X = random(7).randn(300, 5);
  const y = Array.from({ length: 300 }, (_, i) => (X.data[5 * i] * X.data[5 * i + 1] > 0 ? 'alike' : 'unlike'));
  const classifier = new MLPClassifier({
    hiddenLayerSizes: [20],
    learningRateInit: 0.01,
    randomState: 3,
    background: true,
  });
  const model = new Pipeline([new StandardScaler(), classifier]);
  await model.fit(X, y);
  const copy = /** @type {typeof model} */ (fromBytes(toBytes(model)));
  return {
    score: model.score(X, y),
    probabilities: bitsOf(model.predictProba(X).data),
    same: copy.predict(X).join() === model.predict(X).join(),
  };
}
