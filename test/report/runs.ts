// Runs to be reported, as trainTable leaves them: their figures are made up, but fit together.

import type { ColumnSchema, Evaluation, Roc, Run } from '../../src/tables/index.js';

/** Numbers in [0, 1) that are the same each time. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The worse the class is found, the less it is bent. */
const rocOf = (label: string, i: number): Roc => {
  const at = Array.from({ length: 40 }, (_, n) => (n / 39) ** 2);
  const bent = 0.06 + 0.04 * i;
  return { label, falsePositiveRate: at, truePositiveRate: at.map((x) => x ** bent), auc: 1 / (1 + bent) };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const column = (name: string, i: number): ColumnSchema =>
  i % 5 === 3
    ? {
        name,
        kind: 'category',
        categories: ['north', 'south', 'east'],
        others: 4,
        missing: i % 2 === 0 ? 0 : 3,
        fill: 'north',
      }
    : { name, kind: 'number', missing: 0, min: 0.1 * i, max: 7.9 + i, mean: 3.76 + i, std: 1.76 };

/** Mistakes lie near the diagonal. */
function evaluationOf(labels: readonly string[], rowsOfEach: number): Evaluation {
  const next = random(labels.length);
  const k = labels.length;
  const counts = labels.map((_, i) => {
    const row = new Array<number>(k).fill(0);
    for (let n = 0; n < rowsOfEach; n++) row[next() < 0.85 ? i : Math.floor(next() * k)]++;
    return row;
  });
  const support = counts.map(sum);
  const right = counts.map((row, i) => row[i]);
  const rows = sum(support);
  const taken = labels.map((_, j) => sum(counts.map((row) => row[j])));
  return {
    rows,
    metrics: {
      accuracy: sum(right) / rows,
      balancedAccuracy: 0.8712,
      f1Macro: 0.8698,
      logLoss: 0.3127,
      rocAuc: 0.9613,
    },
    confusion: { classes: labels, counts },
    classes: labels.map((label, i) => {
      const [precision, recall] = [right[i] / taken[i] || 0, right[i] / support[i]];
      return {
        label,
        precision,
        recall,
        f1: (2 * precision * recall) / (precision + recall) || 0,
        support: support[i],
      };
    }),
    roc: labels.slice(k === 2 ? 1 : 0, k === 2 ? 2 : 10).map(rocOf),
    calibration: [0.35, 0.46, 0.55, 0.65, 0.76, 0.85, 0.97].map((confidence, i) => ({
      confidence,
      accuracy: confidence - 0.05 + 0.02 * (i % 3),
      count: 4 + 9 * i * i,
    })),
  };
}

function numbersOf(rows: number): Evaluation {
  const next = random(7);
  const actual = Array.from({ length: rows }, () => 320 + 15_000 * next() ** 2);
  const predicted = actual.map((each) => each + (next() + next() + next() - 1.5) * 900);
  return {
    rows,
    metrics: { r2: 0.9713, rootMeanSquaredError: 655.2, meanAbsoluteError: 401.3, meanAbsolutePercentageError: 0.124 },
    residuals: { actual, predicted },
  };
}

function base(epochs: number, columns: readonly ColumnSchema[], evaluation: Evaluation): Run {
  const next = random(epochs);
  const curve = (floor: number) => Array.from({ length: epochs }, (_, i) => floor + Math.exp(-i / 14) + 0.03 * next());
  return {
    notes: {
      notes: 1,
      command: 'bitgrad train iris.csv --target species --hidden 64,32 --seed 1 --report report.html',
      data: {
        files: [
          {
            name: 'data/iris.csv',
            bytes: 3716,
            sha256: '6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0',
          },
        ],
        format: 'csv',
        rows: 5 * evaluation.rows,
        trainRows: 4 * evaluation.rows,
        validationRows: evaluation.rows,
        skippedRows: 0,
        droppedRows: 0,
        streamed: false,
      },
      schema: {
        task: 'regress',
        columns,
        target: { name: 'price', kind: 'number', min: 326, max: 18_823, mean: 3932.8, std: 3989.4 },
        dropped: [{ name: 'id', why: 'each row has a value of its own' }],
        missing: 'median',
        scale: 'standard',
      },
      network: {
        inputs: columns.length,
        layers: [
          { units: 64, activation: 'relu' },
          { units: 32, activation: 'relu' },
          { units: 1, activation: 'identity' },
        ],
        loss: 'mse',
        parameters: 2499,
        dtype: 'f32',
        optimizer: 'adam',
        batchSize: 8,
        seed: 1,
      },
      history: {
        loss: curve(0.05),
        validationLoss: curve(0.12),
        learningRate: new Array<number>(epochs).fill(0.001),
        epochs,
        every: 1,
        bestEpoch: Math.max(1, epochs - 20),
        stopReason: 'earlyStopping',
      },
      evaluation: { on: 'validation', rows: evaluation.rows, metrics: evaluation.metrics },
      version: '0.1.0',
      contractVersion: 3,
    },
    model: {
      file: 'model.safetensors',
      bytes: 12_345,
      sha256: '0e1bd9a05c2c4e7c9b8d0f6a5b4c3d2e1f00112233445566778899aabbccddee',
      parametersSha256: 'a8f5f167f44f4964e6c998dee827110ca8f5f167f44f4964e6c998dee827110c',
    },
    evaluation,
    weights: [1, 2, 3].map((layer) => ({
      layer: `layer ${layer}`,
      edges: Array.from({ length: 41 }, (_, i) => (i - 20) / (20 * layer)),
      counts: Array.from({ length: 40 }, (_, i) =>
        Math.round(400 * Math.exp(-((i - 19.5) ** 2) / 60) * (0.8 + 0.4 * next())),
      ),
    })),
    saliency: columns.map(({ name }, i) => ({ column: name, value: 1.234 / (i + 1) })),
    machine: { runtime: 'Node 22.23.3', platform: 'linux 6.1.0 x64', cpu: 'AMD EPYC 7B13', cores: 2, simd: true },
    ran: { backend: 'wasm', threads: 1, where: 'main' },
    seconds: { scan: 0.0123, encode: 0.0045, train: 0.412, evaluate: 0.031 },
    date: '2026-12-01T01:25:30.000Z',
  };
}

const named = (n: number): ColumnSchema[] => Array.from({ length: n }, (_, i) => column(`feature ${i + 1}`, i));

/** @param labels of the classes */
export function classification(
  labels: readonly string[],
  { epochs = 80, columns = named(4), rowsOfEach = 40 } = {},
): Run {
  const run = base(epochs, columns, evaluationOf(labels, rowsOfEach));
  const { schema, network } = run.notes;
  const counts = labels.map((_, i) => 40 + ((i * 7) % 23));
  const layers = [
    ...network.layers.slice(0, -1),
    { units: labels.length === 2 ? 1 : labels.length, activation: labels.length === 2 ? 'sigmoid' : 'softmax' },
  ];
  return {
    ...run,
    notes: {
      ...run.notes,
      schema: { ...schema, task: 'classify', target: { name: 'species', kind: 'category', classes: labels, counts } },
      network: { ...network, layers, loss: labels.length === 2 ? 'binaryCrossEntropy' : 'crossEntropy' },
    },
  };
}

export const regression = ({ rows = 2000, epochs = 80, columns = named(9) } = {}): Run =>
  base(epochs, columns, numbersOf(rows));

export const three = (): Run => classification(['setosa', 'versicolor', 'virginica']);
export const two = (): Run => classification(['no', 'yes']);
export const hundred = (): Run => classification(Array.from({ length: 100 }, (_, i) => `class ${i + 1}`));

/** Of libsvm: columns are numbers. */
export function sparse(): Run {
  const run = classification(['-1', '1'], { columns: [] });
  const saliency = Array.from({ length: 5000 }, (_, i) => ({ column: String((i * 37) % 5000), value: 2 / (i + 1) }));
  return { ...run, notes: { ...run.notes, schema: { ...run.notes.schema, sparseColumns: 5000 } }, saliency };
}

/** Names that would break a page, a table, or a mind. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE rows; --",
  '</title></style><svg onload=alert(1)>',
  'שלום עולם \u202eevil\u202c',
  'lone \ud800 surrogate \udc00',
  'x'.repeat(10_000),
  '漢字'.repeat(200),
  '| pipe | `tick` ``` \\ \n new line @everyone #1 $x$ <details>',
  '\u0000\u0007\u001b[31mred',
  '&amp; &lt;b&gt; ]]> <!-- -->',
  '',
  'e\u0301\u0302\u0303\u0304'.repeat(50),
  '👩‍👩‍👧‍👦'.repeat(30),
] as const;

export function hostile(): Run {
  const columns = HOSTILE.map((name, i) => ({
    ...column(name, i),
    ...(i % 5 === 3 && { categories: [...HOSTILE], fill: HOSTILE[0] }),
  }));
  const run = classification([...HOSTILE], { columns });
  const { notes } = run;
  return {
    ...run,
    notes: {
      ...notes,
      command: `bitgrad train '${HOSTILE.join(' ')}' \`\`\`\`\n--more`,
      data: {
        ...notes.data,
        files: HOSTILE.map((name) => ({ name, bytes: NaN })),
        format: HOSTILE[0],
        skippedRows: 3,
        droppedRows: 1,
      },
      schema: {
        ...notes.schema,
        target: { ...notes.schema.target, name: HOSTILE[0] },
        dropped: HOSTILE.map((name) => ({ name, why: name })),
      },
      network: {
        ...notes.network,
        optimizer: HOSTILE[1],
        layers: [...notes.network.layers, { units: 14, activation: HOSTILE[0] }],
      },
      history: { ...notes.history, stopReason: HOSTILE[0] },
      version: HOSTILE[0],
    },
    evaluation: { ...run.evaluation, metrics: Object.fromEntries(HOSTILE.map((name, i) => [name, i])) },
    weights: run.weights.map((each, i) => ({ ...each, layer: HOSTILE[i] })),
    machine: { ...run.machine, cpu: HOSTILE[0], runtime: HOSTILE[3] },
    seconds: { ...run.seconds, [HOSTILE[0]]: 1, __proto__: 2 },
    date: HOSTILE[0],
  };
}

/** More of everything than anybody has, and longer. */
export function huge(): Run {
  // The character that takes most bytes of HTML.
  const worst = '"'.repeat(10_000);
  const long = (i: number) => `${i} ${worst}`;
  const many = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));
  const labels = many(300, long);
  const categories = many(50, long);
  const columns = many(
    10_000,
    (i): ColumnSchema => ({
      name: long(i % 300),
      kind: 'category',
      categories,
      others: 9,
      missing: i,
      fill: categories[0],
    }),
  );
  const run = classification(labels, { columns: columns.slice(0, 4), rowsOfEach: 3 });
  const counts = labels.map((_, i) => labels.map((_, j) => 1 + ((i * 31 + j * 17) % 997)));
  const curve = many(50_000, (i) => 1 + Math.sin(i) / 3);
  const rates = many(50_000, (i) => i / 49_999);
  const found = rates.map((x) => x ** 0.1);
  const { notes } = run;
  return {
    ...run,
    notes: {
      ...notes,
      command: 'bitgrad "train" '.repeat(100_000),
      data: { ...notes.data, files: many(1000, (i) => ({ name: long(i), sha256: 'f'.repeat(10_000) })) },
      schema: { ...notes.schema, columns, dropped: many(10_000, (i) => ({ name: long(i % 99), why: long(i % 99) })) },
      network: { ...notes.network, inputs: 10_000, layers: many(1000, (i) => ({ units: i, activation: 'relu' })) },
      history: {
        ...notes.history,
        loss: curve,
        validationLoss: curve,
        learningRate: curve,
        epochs: 500_000,
        every: 10,
      },
    },
    evaluation: {
      ...run.evaluation,
      metrics: Object.fromEntries(many(1000, (i) => [long(i % 500), i])),
      confusion: { classes: labels, counts },
      roc: labels.map((label) => ({
        label,
        falsePositiveRate: rates,
        truePositiveRate: found,
        auc: 0.9,
      })),
      calibration: many(5000, (i) => ({ confidence: i / 5000, accuracy: i / 5000, count: 3 })),
    },
    weights: many(1000, (i) => ({
      layer: long(i % 99),
      edges: many(1001, (n) => n),
      counts: many(1000, (n) => n + 1),
    })),
    saliency: columns.map(({ name }, i) => ({ column: name, value: 1 / (i + 1) })),
    seconds: Object.fromEntries(many(1000, (i) => [long(i % 500), i])),
  };
}
