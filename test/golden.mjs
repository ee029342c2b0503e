// Hashes of what the package computes, the same on every runtime and backend: `node test/golden.mjs`, or Bun, or Deno.
// `--report FILE` appends what was seen to it, as .ci/hosts.mjs reads it; `--write` writes them.
// Plain JavaScript without dependencies, so that what is tested is the built package and nothing else. Browsers import it too.

import { createFunctions } from 'bitgrad/functions';
import { activations } from 'bitgrad/layers';
import 'bitgrad/methods';
import { optimizers, SparseMatrix } from 'bitgrad/train';

const DTYPES = ['f64', 'f32'];

/** SHA-256 of numbers, little-endian, every NaN the same. */
async function sha256(numbers) {
  const wide = numbers instanceof Float64Array;
  const size = wide ? 8 : 4;
  const view = new DataView(new ArrayBuffer(numbers.length * size));
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i];
    if (Number.isNaN(x)) view.setUint32(i * size + size - 4, 0x7ff80000, true);
    else if (wide) view.setFloat64(i * size, x, true);
    else view.setFloat32(i * size, x, true);
  }
  const digest = await globalThis.crypto.subtle.digest('SHA-256', view.buffer);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Edges of exp and sigmoid in both dtypes, among ordinary numbers. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  1.401298464324817e-45,
  2.2250738585072014e-308,
  1e308,
  3.4028234663852886e38,
  709.782712893384,
  -709.7827128933841,
  -740,
  -745.1332191019411,
  -745.1332191019412,
  88.72283172607422,
  88.72283935546875,
  -87.33655,
  -103.97207641601562,
  -103.97208404541016,
  36.7368005696771,
  -36.7368005696771,
];

/** Shapes [rows, inputs, hidden or columns, outputs]: none, one, odd, around the blocks, over several row tiles. */
const SHAPES = [
  [0, 3, 2, 1],
  [1, 1, 1, 1],
  [4, 2, 3, 1],
  [17, 13, 9, 5],
  [65, 64, 63, 10],
  [257, 256, 65, 3],
  [700, 30, 70, 4],
  [3, 300, 258, 2],
];

const LENGTHS = [0, 1, 15, 16, 17, 1000, 4095, 4096, 4097, 20483, 100001];

/** Hidden activation, last activation, loss, its options: every loss, and every kernel of the core's activations. */
const NETWORKS = [
  ['relu', 'softmax', 'crossEntropy'],
  ['tanh', 'sigmoid', 'binaryCrossEntropy'],
  ['leakyRelu', 'identity', 'squaredError'],
  ['elu', 'identity', 'mse'],
  ['gelu', 'exp', 'poisson'],
  ['silu', 'softplus', 'poisson'],
  ['softplus', 'identity', 'huber'],
  ['sigmoid', 'tanh', 'mae'],
  ...['selu', ...activations].map((activation) => [activation, 'identity', 'mse']),
  ['tanh', 'silu', 'cosine'],
  ['tanh', 'sigmoid', 'focal', { focalGamma: 1.5, focalAlpha: 0.25 }],
  ['tanh', 'identity', 'hinge'],
  ['tanh', 'softmax', 'klDivergence'],
  ['tanh', 'identity', 'logCosh'],
  ['tanh', 'ascending', 'pinball', { quantiles: [0.1, 0.25, 0.5, 0.75, 0.9] }],
  ['tanh', 'exp', 'poissonDeviance'],
  ['tanh', 'softplus', 'poissonDeviance'],
  ['tanh', 'identity', 'squaredHinge'],
  ['tanh', 'softmax', 'crossEntropy', { labelSmoothing: 0.1 }],
];

/** Every layer of bitgrad/layers. */
const FURTHER = [
  { kind: 'embedding', column: 4, categories: 6, units: 3 },
  { units: 13, activation: 'tanh' },
  { kind: 'batchNorm' },
  { kind: 'skip' },
  { kind: 'layerNorm' },
  { units: 7, activation: 'silu' },
  { kind: 'dropout', rate: 0.3 },
  13,
  { kind: 'add' },
  { kind: 'scale' },
  5,
];

/** Every optimizer and what kernels its options have, and every schedule with one of them; lbfgs takes all rows at once. */
const TRAININGS = {
  sgd: { optimizer: 'sgd' },
  nesterov: { optimizer: { name: 'sgd', momentum: 0.9, nesterov: true }, schedule: 'invscaling' },
  ...Object.fromEntries(optimizers.map((optimizer) => [optimizer, { optimizer }])),
  adagrad: { optimizer: 'adagrad', schedule: { name: 'step', every: 2 } },
  rmsprop: { optimizer: { name: 'rmsprop', momentum: 0.5 }, clipNorm: 0.1 },
  adam: { optimizer: 'adam', schedule: { name: 'cosine', warmup: 1 }, l2: 0.01, l1: 0.001 },
  adamw: { optimizer: 'adamw', validationSplit: 0.25, earlyStopping: true, clipValue: 0.01 },
  lion: { optimizer: { name: 'lion', weightDecay: 0.1 } },
  lbfgs: { optimizer: 'lbfgs', epochs: 8 },
  averaging: { optimizer: 'sgd', batchSize: 30, averaging: { name: 'ema', decay: 0.7 }, validationSplit: 0.25 },
  adadelta: { optimizer: 'adadelta', schedule: { name: 'exponential', factor: 0.9 } },
  adamax: { optimizer: { name: 'adamax', weightDecay: 0.1 }, schedule: { name: 'cosineRestarts', every: 2 } },
  'adam amsgrad': {
    optimizer: { name: 'adam', amsgrad: true, beta2: 0.5 },
    schedule: { name: 'polynomial', power: 1.5 },
  },
  'adamw amsgrad': { optimizer: { name: 'adamw', amsgrad: true, beta2: 0.5, decayBiases: true }, schedule: 'oneCycle' },
  'rmsprop centered': { optimizer: { name: 'rmsprop', centered: true }, schedule: { name: 'plateau', patience: 1 } },
  'rmsprop centered momentum': { optimizer: { name: 'rmsprop', centered: true, momentum: 0.5, weightDecay: 0.1 } },
};

/** A network, and rows of two classes to train it on. */
function trainingOf({ network, random, Matrix }, dtype) {
  const X = new Matrix(
    90,
    3,
    Float64Array.from(random(5).rand(270), (x) => 8 * x - 4),
  );
  const y = Float64Array.from({ length: 90 }, (_, i) => Number(X.data[3 * i] > X.data[3 * i + 1]));
  const layers = [
    { units: 9, activation: 'gelu' },
    { units: 1, activation: 'sigmoid' },
  ];
  return { net: network({ inputs: 3, layers, loss: 'binaryCrossEntropy', dtype, seed: 3 }), X, y };
}

/** { name: hash } of every training, in a worker or not. */
export async function computeTrainings(api, background, dtypes = DTYPES) {
  const golden = {};
  for (const dtype of dtypes) {
    for (const [name, options] of Object.entries(TRAININGS)) {
      const { net, X, y } = trainingOf(api, dtype);
      const { loss } = await net.fit(X, y, { epochs: 4, seed: 11, background, ...options });
      golden[`fit ${dtype} ${name}`] = await sha256(net.parameters);
      golden[`fit ${dtype} ${name} loss`] = await sha256(Float64Array.from(loss));
      net.dispose();
    }
  }
  return golden;
}

/**
 * { name: hash } of every function of an entry of the package.
 *
 * @param functions what createFunctions makes of it, of the same copy
 */
export async function computeGolden(
  api,
  functions = createFunctions({ zeros: api.zeros, dtype: 'f64' }),
  threads = [1, 2, 3],
) {
  const { Matrix, random, sigmoid, sigmoidDerivative, mseLoss, dot, matmul, axpy, forwardAndBackward, network } = api;
  const golden = {};
  const record = async (name, result) => {
    const numbers = typeof result === 'number' ? Float64Array.of(result) : (result.data ?? result);
    golden[name] = await sha256(numbers);
  };

  const state = random(2026);
  await record('random rand', state.rand(1000));
  await record('random randn', state.randn(1001));
  await record('random permutation', Float64Array.from(state.permutation(1000)));
  await record('random uniform', state.uniform(-2, 3, 1000));
  await record('random normal', state.normal(3, 0.5, 1001));
  await record('random exponential', state.exponential(2.5, 1000));
  for (const mean of [3, 12.5, 1e6])
    await record(`random poisson ${mean}`, Float64Array.from(state.poisson(mean, 1000)));
  for (const [n, p] of [
    [20, 0.3],
    [400, 0.7],
  ]) {
    await record(`random binomial ${n}`, Float64Array.from(state.binomial(n, p, 1000)));
  }
  await record('random randint', Float64Array.from(state.randint(-1000, 100000, 1000)));
  await record('random choice', Float64Array.from(state.choice(3, 1000, { p: [0.5, 0.2, 0.3] })));

  for (const dtype of DTYPES) {
    const arrayOf = (source) => (dtype === 'f64' ? Float64Array.from(source) : Float32Array.from(source));
    // Uniform, not normal: the kernels' hashes must not move with the logarithm in randn.
    const vector = (seed, n) => arrayOf(Array.from(random(seed).rand(n), (x) => 8 * x - 4));
    const matrix = (seed, rows, cols) => new Matrix(rows, cols, vector(seed, rows * cols));

    const special = arrayOf([...SPECIAL, ...vector(1, 100)]);
    await record(`sigmoid ${dtype} special`, sigmoid(special));
    await record(`sigmoidDerivative ${dtype} special`, sigmoidDerivative(special));
    // A fine walk over the whole range, so that every k of exp's reduction takes part.
    const walk = arrayOf(Float64Array.from({ length: 24001 }, (_, i) => (i - 12000) / 16));
    await record(`sigmoid ${dtype} walk`, sigmoid(walk));

    for (const name of Object.keys(functions).filter(
      (each) => `${each}Into` in functions && !/Derivative$/.test(each),
    )) {
      // Of a softmax the second operand is the error, of leakyRelu and elu there are options.
      const input = name === 'softmax' ? vector(1, 100) : special;
      const value = functions[name](input);
      const more = name === 'softmax' ? [vector(2, 100)] : [];
      const slopes = [input, value].map((operand) => functions[`${name}Derivative`](operand, ...more));
      await record(`function ${dtype} ${name}`, arrayOf([...value, ...slopes[0], ...slopes[1]]));
    }

    const table = matrix(9, 700, 11);
    const changed = table
      .add(table.row(3))
      .multiply(table)
      .sub({ rows: 700, cols: 1, data: table.col(2) })
      .divide(1.1);
    await record(`matrix ${dtype} arithmetic`, changed);
    await record(`matrix ${dtype} sums`, arrayOf([...table.sum(0), ...table.mean(1), table.sum(), table.mean()]));

    for (const n of LENGTHS) {
      const [x, y] = [vector(n, n), vector(n + 1, n)];
      await record(`dot ${dtype} ${n}`, dot(x, y));
      await record(`mseLoss ${dtype} ${n}`, mseLoss(x, y));
      await record(`sigmoid ${dtype} ${n}`, sigmoid(x));
      await record(`sigmoidDerivative ${dtype} ${n}`, sigmoidDerivative(sigmoid(x)));
      await record(`axpy ${dtype} ${n}`, axpy(0.1, new Matrix(n, 1, x), new Matrix(n, 1, y)));
    }

    Object.assign(golden, await computeTrainings(api, false, [dtype]));

    for (const [n, inputs, hidden, outputs] of SHAPES) {
      const shape = `${n}x${inputs}x${hidden}`;
      const [X, W1, W2] = [matrix(1, n, inputs), matrix(2, inputs, hidden), matrix(3, hidden, outputs)];
      await record(`dot ${dtype} ${shape}`, dot(X, W1));
      await record(`dot ${dtype} matrix ${n}x${inputs}, vector`, dot(X, vector(4, inputs)));
      await record(`dot ${dtype} vector, matrix ${inputs}x${hidden}`, dot(vector(4, inputs), W1));
      await record(`matmul ${dtype} ${shape} nt`, matmul(X, W1.transpose(), { transposeB: true }));
      await record(`matmul ${dtype} ${shape} tn`, matmul(X.transpose(), W1, { transposeA: true }));
      const both = { transposeA: true, transposeB: true };
      await record(`matmul ${dtype} ${shape} tt`, matmul(X.transpose(), W1.transpose(), both));
      const result = forwardAndBackward(X, matrix(5, n, outputs), W1, W2);
      for (const key of ['output', 'outputGradient', 'hiddenGradient']) {
        await record(`forwardAndBackward ${dtype} ${shape}x${outputs} ${key}`, result[key]);
      }
    }

    for (const [hidden, activation, loss, options] of NETWORKS) {
      const name = `network ${dtype} ${hidden} ${activation} ${loss}`;
      const layers = [
        { units: 13, activation: hidden },
        { units: 6, activation: hidden },
        { units: 5, activation },
      ];
      const net = network({ inputs: 9, layers, loss, ...options, dtype, seed: 7 });
      // Three tiles, the last of them not whole.
      const X = matrix(6, 600, 9);
      const cols = options?.quantiles ? 1 : 5;
      const y = Matrix.from({ rows: 600, cols, data: random(7).rand(600 * cols) }, { dtype });
      const sampleWeight = random(8).rand(600);
      await record(`${name} parameters`, net.parameters);
      await record(`${name} forward`, net.forward(X));
      await record(`${name} sums`, net.partialGradients(X, y, { sampleWeight }).sums);
      const { loss: value, weights, inputs } = net.gradients(X, y, { l2: 0.1, l1: 0.01, wrtInputs: true });
      await record(`${name} loss`, value);
      await record(`${name} gradient`, weights[0]);
      await record(`${name} inputs`, inputs);
      await record(`${name} norms`, net.gradientNorms(X, y));
      net.dispose();
    }

    const further = network({ inputs: 9, layers: FURTHER, dtype, seed: 9 });
    const X = matrix(9, 600, 9);
    for (let i = 0; i < 600; i++) X.set(i, 4, i % 6);
    const y = matrix(10, 600, 5);
    await record(`layers ${dtype} forward`, further.forward(X));
    await record(`layers ${dtype} sums`, further.partialGradients(X, y).sums);
    await record(`layers ${dtype} step`, further.partialGradients(X, y, { rowsSeen: 2 ** 32 - 100 }).sums);
    await record(`layers ${dtype} norms`, further.gradientNorms(X, y));
    await further.fit(X, y, { epochs: 2, batchSize: 290, background: false });
    await record(`layers ${dtype} trained`, further.parameters);
    further.dispose();

    // Rows of which most is zero, with their zeros and without: the same hashes.
    const some = matrix(11, 600, 70);
    const chosen = random(12).rand(some.data.length);
    for (let at = 0; at < some.data.length; at++) if (chosen[at] > 0.2) some.data[at] = 0;
    const target = matrix(13, 600, 2);
    for (const [name, rows] of Object.entries({ zeros: some, sparse: SparseMatrix.fromDense(some) })) {
      const layers = [{ units: 37, activation: 'relu' }, 2];
      const net = network({ inputs: 70, layers, dtype, seed: 9 });
      await record(`${name} ${dtype} forward`, net.forward(rows));
      await record(`${name} ${dtype} sums`, net.partialGradients(rows, target).sums);
      await net.fit(rows, target, { epochs: 2, batchSize: 290, background: false });
      await record(`${name} ${dtype} trained`, net.parameters);
      net.dispose();
    }
  }
  Object.assign(golden, await computeThreads(api, threads));
  return golden;
}

/** Waits until so many threads work, where there can be others. */
async function threadsOf(engine, count) {
  const some = engine.zeros(64, 64);
  for (let i = 0; i < 500; i++) {
    engine.matmul(some, some);
    if (engine.info().threads === count) return count;
    await new Promise((resolve) => globalThis.setTimeout(resolve, 10));
  }
  return engine.info().threads;
}

/** What threads share, by one and by more: where those give other bits, what they give is what stands there. */
export async function computeThreads(api, counts) {
  const { createEngine, Matrix, random } = api;
  const golden = {};
  // A host that has none says so before they are asked for.
  const alone = createEngine({ threads: 2 }).info().threadsReason !== 'threads: 2';
  for (const threads of alone ? [1] : counts) {
    // What has no threads has little memory, too.
    const engine = alone ? api : createEngine({ threads });
    if (threads > 1) check((await threadsOf(engine, threads)) === threads, `${threads} threads`);
    for (const dtype of DTYPES) {
      const record = async (name, { data }) => {
        const hash = await sha256(data);
        const key = `threads ${dtype} ${name}`;
        if ((golden[key] ?? hash) === hash) golden[key] = hash;
        else golden[key] = `${hash} with ${threads}`;
      };
      const matrix = (seed, rows, cols) => {
        const { data } = random(seed).rand(rows, cols);
        return engine.matrix(Matrix.from({ rows, cols, data: data.map((x) => 4 * x - 2) }, { dtype }));
      };
      const of = (inputs, layers) => engine.network({ inputs, layers, dtype, seed: 11 });
      const narrow = of(8, [{ units: 24, activation: 'tanh' }, { units: 16, activation: 'gelu' }, 3]);
      const [X, y] = [matrix(1, 1700, 8), matrix(2, 1700, 3)];
      await record('forward', narrow.forward(X));
      await record('gradient', narrow.gradients(X, y).weights[0]);
      await record('inputs', narrow.gradients(X, y, { wrtInputs: true }).inputs);
      const wide = of(100, [{ units: 70, activation: 'relu' }, 64]);
      const [V, v] = [matrix(3, 40, 100), matrix(4, 40, 64)];
      await record('wide gradient', wide.gradients(V, v).weights[0]);
      await wide.fit(V, v, { optimizer: 'adam', epochs: 2, background: false });
      await record('wide trained', { data: wide.parameters });
      await record('product', engine.matmul(matrix(5, 66, 60), matrix(6, 60, 70)));
      await record('product of both transposed', engine.matmul(matrix(7, 60, 66), matrix(8, 70, 60), BOTH));
      // Mostly zeros, which are left out.
      const few = (seed, rows, cols) => {
        const { data } = random(seed).rand(rows, cols);
        const zero = (x) => (x < 0.4 ? 0 : -0);
        return engine.matrix(
          Matrix.from({ rows, cols, data: data.map((x) => (x > 0.8 ? x - 0.9 : zero(x))) }, { dtype }),
        );
      };
      const rare = of(300, [{ units: 64, activation: 'relu' }, { units: 40, activation: 'relu' }, 8]);
      const [R, r] = [few(11, 300, 300), matrix(12, 300, 8)];
      await record('zeros forward', rare.forward(R));
      await record('zeros gradient', rare.gradients(R, r).weights[0]);
      await record('zeros inputs', rare.gradients(R, r, { wrtInputs: true }).inputs);
      await record('zeros product', engine.matmul(few(13, 150, 260), matrix(14, 70, 150), BOTH));
      await record('sigmoid', engine.sigmoid(matrix(9, 1, 20000)));
      const long = matrix(10, 1, 70000).data;
      await record('dot', { data: Float64Array.of(engine.dot(long, long)) });
    }
    if (!alone) engine.dispose();
  }
  return golden;
}

const BOTH = { transposeA: true, transposeB: true };

/** The names whose hashes differ or that only one side has. */
export function differences(golden, expected) {
  const names = new Set([...Object.keys(golden), ...Object.keys(expected)]);
  return [...names].filter((name) => golden[name] !== expected[name]);
}

function check(condition, what) {
  if (!condition) throw new Error(`smoke check failed: ${what}`);
}

/** A worker, which this runtime must have, gives the bits of the main thread. */
async function smokeWorker(bitgrad) {
  const [here, there] = [trainingOf(bitgrad, 'f32'), trainingOf(bitgrad, 'f32')];
  await here.net.fit(here.X, here.y, { epochs: 3, background: false });
  await there.net.fit(there.X, there.y, { epochs: 3, background: true });
  check(here.net.parameters.join() === there.net.parameters.join(), 'training in a worker');
}

/** What hashes do not show: engines, resident matrices and errors work in the built package. */
function smoke(bitgrad) {
  for (const backend of ['wasm', 'ts']) {
    const engine = bitgrad.createEngine({ backend, dtype: 'f32' });
    check(engine.backend === backend && engine.info().version === bitgrad.version, `createEngine on ${backend}`);
    const resident = engine.matrix([
      [1, 2],
      [3, 4],
    ]);
    check(resident instanceof bitgrad.ResidentMatrix && resident.dtype === 'f32', 'engine.matrix');
    check(engine.matmul(resident, [[1], [1]]).data.join() === '3,7', 'matmul of a resident matrix');
    resident.dispose();
    let error;
    try {
      resident.data;
    } catch (thrown) {
      error = thrown;
    }
    check(error instanceof bitgrad.DisposedError && error instanceof bitgrad.BitgradError, 'DisposedError');
  }
}

/** The runtime: on a processor other than x64 it counts as another. */
function runtime() {
  const { Bun, Deno, process } = globalThis;
  const [host, version] = Deno
    ? ['Deno', Deno.version.deno]
    : Bun
      ? ['Bun', Bun.version]
      : ['Node', process.versions.node];
  return { host: process.arch === 'x64' ? host : `${host} on ${process.arch.toUpperCase()}`, version };
}

async function main(write, report) {
  const { appendFileSync, readFileSync, writeFileSync } = await import('node:fs');
  const file = new URL('./golden.json', import.meta.url);
  const [bitgrad, wasm, ts] = await Promise.all([import('bitgrad'), import('bitgrad/wasm'), import('bitgrad/ts')]);
  smoke(bitgrad);
  await smokeWorker(bitgrad);
  if (write) {
    writeFileSync(file, `${JSON.stringify(await computeGolden(ts), null, 2)}\n`);
    console.log(`golden: written by backend ts, contract ${ts.info().contractVersion}`);
  }
  const expected = JSON.parse(readFileSync(file, 'utf8'));
  const hashes = Object.keys(expected).length;
  const { host, version } = runtime();
  let status = 0;
  for (const [backend, api] of Object.entries({ wasm, ts })) {
    const wrong = differences(await computeGolden(api), expected);
    const equal = hashes - wrong.filter((name) => name in expected).length;
    if (report) appendFileSync(report, `${JSON.stringify({ host, version, backend, hashes, equal })}\n`);
    if (wrong.length === 0) continue;
    const some = wrong.length > 12 ? [...wrong.slice(0, 12), '...'] : wrong;
    console.error(
      `golden: ${wrong.length} hashes differ on ${host} ${version}, backend ${backend}:\n  ${some.join('\n  ')}`,
    );
    status = 1;
  }
  if (status === 0) console.log(`golden: ${hashes} hashes equal on ${host} ${version}, backends wasm and ts`);
  return status;
}

async function run() {
  const { argv } = globalThis.process;
  const report = argv.indexOf('--report');
  globalThis.process.exitCode = await main(argv.includes('--write'), report < 0 ? undefined : argv[report + 1]);
}

// Browsers, and engines without a process, take what is exported alone; and some of them no module that awaits.
if (globalThis.process?.argv?.[1]?.endsWith('golden.mjs')) run();
