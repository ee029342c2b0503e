// bitgrad: tables by its classifier, as scikit-learn's; MNIST by net.fit, on rows that were read into linear memory.

import { MLPClassifier } from 'bitgrad/model';
import { engine } from 'bitgrad/wasm';
import type { Subject } from '../../contest/protocol.js';
import { trainMnist } from '../mnist.mjs';
import { readTable, type Task } from '../task.js';
import { type Trained, training } from '../training.js';

async function trainTable(task: Task): Promise<Trained> {
  const { rows, X: data, labels } = readTable(task);
  const X = { rows, cols: task.inputs, data };
  const model = new MLPClassifier({
    hiddenLayerSizes: [task.hidden],
    activation: task.activation,
    solver: task.solver,
    batchSize: task.batchSize,
    learningRateInit: task.learningRate,
    maxIter: task.epochs,
    momentum: 0,
    nesterovsMomentum: false,
    alpha: 0,
    tol: 0,
    nIterNoChange: 1e9,
    randomState: 1,
    background: false,
  });
  const start = performance.now();
  await model.fit(X, labels);
  const seconds = (performance.now() - start) / 1000;
  const accuracy = model.score(X, labels);
  model.dispose();
  return { seconds, accuracy };
}

export async function load(): Promise<Subject<Task>> {
  const { version, backend } = engine.info();
  return {
    version: `${version}, ${backend}`,
    prepare: training((task) =>
      task.data === 'mnist' ? trainMnist(engine, { ...task, background: false }) : trainTable(task),
    ),
  };
}
