// brain.js trains; it cannot be asked for gradients. It is timed at what it can do, which its note says.

import { createRequire } from 'node:module';
import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { packageVersion } from '../packages.js';
import { makeData, outputsOf, type Task } from '../task.js';

/** The part of brain.js that is used here: it need not be installed to check these types. */
interface Net {
  sizes: number[];
  trainOpts: { learningRate: number; momentum: number };
  /** Of each layer, from 1 on: of each unit. */
  weights: Float32Array[][];
  biases: Float32Array[];
  outputs: ArrayLike<number>[];
  deltas: Float32Array[];
  initialize(): void;
  runInput(input: Float32Array): ArrayLike<number>;
  trainPattern(pattern: { input: Float32Array; output: Float32Array }): unknown;
}

/** So small that no weight changes in the 24 bits it has, while the work of the update is done. */
const RATE = 1e-15;

function prepare(make: () => Net, task: Task): Prepared {
  const { kind, rows, sizes, dtype } = task;
  if (kind === 'sigmoid') throw new CannotDo('it has no function of arrays');
  if (dtype !== 'f32') throw new CannotDo('its weights are Float32Array alone');
  const data = makeData({ ...task });
  const outputs = outputsOf(task);
  const net = make();
  net.sizes = sizes;
  net.initialize();
  net.trainOpts.learningRate = RATE;
  net.trainOpts.momentum = 0;
  for (const [i, { inputs, units, weights, biases }] of data.layers.entries()) {
    net.biases[i + 1].set(biases);
    for (let unit = 0; unit < units; unit++) {
      for (let k = 0; k < inputs; k++) net.weights[i + 1][unit][k] = weights[k * units + unit];
    }
  }
  const patterns = Array.from({ length: rows }, (_, row) => ({
    input: data.X.slice(row * sizes[0], (row + 1) * sizes[0]) as Float32Array,
    output: data.y.slice(row * outputs, (row + 1) * outputs) as Float32Array,
  }));
  const variant = { hidden: 'sigmoid', output: 'sigmoid', loss: 'squaredError' } as const;
  const asked =
    task.output === 'sigmoid' ? '' : `sigmoid${kind === 'step' ? ' with squared error' : ''} in every layer, `;

  if (kind === 'forward') {
    return {
      note: `${asked}row by row`,
      variant,
      run() {
        for (const { input } of patterns) net.runInput(input);
      },
      result: () => ({ values: patterns.flatMap(({ input }) => Array.from(net.runInput(input))) }),
    };
  }
  return {
    note: `${asked}row by row, updates the weights after each`,
    variant,
    run() {
      for (const pattern of patterns) net.trainPattern(pattern);
    },
    result() {
      const gradients = data.layers.map(({ inputs, units }) => new Float64Array((inputs + 1) * units));
      let loss = 0;
      for (const pattern of patterns) {
        net.trainPattern(pattern);
        for (const [i, { inputs, units }] of data.layers.entries()) {
          const incoming = net.outputs[i];
          const deltas = net.deltas[i + 1];
          for (let k = 0; k <= inputs; k++) {
            const value = k < inputs ? incoming[k] : 1; // behind the weights the biases
            for (let unit = 0; unit < units; unit++) gradients[i][k * units + unit] -= (value * deltas[unit]) / rows;
          }
        }
        const output = net.outputs[data.layers.length];
        for (let j = 0; j < outputs; j++) loss += (0.5 * (output[j] - pattern.output[j]) ** 2) / rows;
      }
      return { loss, values: gradients.flatMap((each) => [...each]) };
    },
  };
}

export async function load(): Promise<Subject<Task>> {
  const { NeuralNetwork } = createRequire(import.meta.url)('brain.js') as { NeuralNetwork: new () => Net };
  return { version: packageVersion('brain.js'), prepare: (task) => prepare(() => new NeuralNetwork(), task) };
}
