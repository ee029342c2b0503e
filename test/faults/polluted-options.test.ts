// Options are own properties: what someone added to Object.prototype changes no call. In a process of its own.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { activationOptions } from '../../src/layers/activations.js';
import { activations, losses } from '../../src/layers/index.js';
import { OPTIONS_OF_LOSSES } from '../../src/layers/losses.js';

/** Every call with every default, and what it gives as text. */
const CALLS = `
import { createEngine, engine } from 'bitgrad';
import * as model from 'bitgrad/model';

const X = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
const y = X.map(([a]) => (a > 0 ? 'up' : 'down'));
const sums = X.map(([a, b]) => a + b);
const p = sums.map((s) => [0.3, 0.7]);

export async function results(fits) {
  const out = [];
  const keep = (name, value) => out.push(name + ' ' + JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? [...v] : v)));
  const net = engine.network({ inputs: 2, layers: [3, { units: 2, activation: 'softmax' }], loss: 'crossEntropy' });
  keep('network', [net.toJSON(), engine.Network.fromJSON(net.toJSON()).options]);
  const more = await import('bitgrad/layers');
  keep('engine', [createEngine().backend, ...more.activations.map((activation) =>
    createEngine().network({ inputs: 2, layers: [{ units: 2, activation }] }).forward(X))]);
  const pinball = engine.network({ inputs: 2, layers: [{ units: 3, activation: 'ascending' }], loss: 'pinball', quantiles: [0.1, 0.5, 0.9] });
  const smooth = engine.network({ inputs: 2, layers: [{ units: 2, activation: 'softmax' }], loss: 'crossEntropy', labelSmoothing: 0.1 });
  keep('losses', [pinball.toJSON(), pinball.loss(X, sums), smooth.toJSON(), smooth.loss(X, p), net.toJSON(),
    engine.network({ inputs: 2, layers: [{ units: 2, activation: 'sigmoid' }], loss: 'focal' }).toJSON()]);
  keep('weights', [model.computeSampleWeight('balanced', y), model.computeSampleWeight({ up: 2 }, y)]);
  const codes = X.map(([a], i) => [a, i % 2]);
  const between = [{ kind: 'batchNorm' }, { kind: 'skip' }, { kind: 'layerNorm' }, { kind: 'dropout' }, { kind: 'add' }, { kind: 'scale' }];
  const further = engine.network({ inputs: 2, layers: [{ kind: 'embedding', column: 1, categories: 2, units: 2 }, ...between, 1] });
  keep('further', [further.toJSON(), further.gradients(codes, sums), further.summary(), model.toStateDict(further).get('0.weight')]);
  const functions = await import('bitgrad/functions');
  const names = Object.keys(functions).filter((name) => !/Into$|^createFunctions$/.test(name));
  keep('functions', names.map((name) => functions[name]([0.25, -1.5], name === 'softmaxDerivative' ? [1, 2] : undefined)));
  keep('slopes', [functions.elu(-1, { alpha: 2 }), functions.leakyRelu(-1, {}), functions.createFunctions(createEngine()).mish(1)]);
  await import('bitgrad/methods');
  const { random } = await import('bitgrad');
  const drawn = random(1).rand(24, 2);
  keep('methods', [drawn.add([1, 2]).divide(3).concat(X).argmax(0), drawn.slice(1).mean(1)]);
  keep('draws', [random(1).normal(0, 2, 3), random(1).choice(4, 3, { replace: false }), random(1).choice(['a', 'b'], 2, { p: [0.5, 0.5] })]);
  keep('split', model.trainTestSplit(X, y).yTest);
  keep('indices', model.trainTestIndices(9, {}, engine && (await import('bitgrad')).random(1)));
  keep('folds', [...new model.KFold().split(X), ...new model.StratifiedKFold({ nSplits: 3 }).split(X, y)]);
  keep('standard', [new model.StandardScaler().fit(X), model.StandardScaler.fromJSON(new model.StandardScaler().toJSON())]);
  keep('range', [new model.MinMaxScaler().fit(X), model.MinMaxScaler.fromJSON(new model.MinMaxScaler().toJSON())]);
  keep('hot', [new model.OneHotEncoder().fit([['a', 1], ['b', 2]]), model.OneHotEncoder.fromJSON(new model.OneHotEncoder().toJSON())]);
  const people = y.map((name, i) => ({ name, sum: i % 3 ? sums[i] : null }));
  const through = (each, rows) => [each.fit(rows), each.constructor.fromJSON(JSON.stringify(each)).transform(rows), each.clone()];
  keep('more scalers', [model.MaxAbsScaler, model.RobustScaler, model.QuantileTransformer, model.PiecewiseLinearEncoder, model.SimpleImputer]
    .map((Kind) => through(new Kind(), X)));
  keep('tables', [
    through(new model.OrdinalEncoder(), y.map((label) => [label])), through(new model.OneHotEncoder(), people.map(({ name }) => ({ name }))),
    through(new model.ColumnTransformer([['a', [new model.SimpleImputer(), new model.StandardScaler()], 'sum'], ['b', new model.OneHotEncoder(), 'name']]), people),
    through(new model.OneHotEncoder({ sparse: true }), y.map((label) => [label])).map((each) => each.toCSR?.() ?? each), model.trainTestSplit(people, y).XTest, new model.StandardScaler().partialFit(X).partialFit(X),
  ]);
  const counted = (each, rows) => [each.fitTransform(rows).toCSR(), each.constructor.fromJSON(JSON.stringify(each)).transform(rows).toCSR(), each.clone()];
  keep('texts', [...[new model.HashingVectorizer({ nFeatures: 9 }), new model.CountVectorizer(), new model.TfidfVectorizer()].map((each) => counted(each, y)),
    counted(new model.TfidfTransformer(), X), new model.StandardScaler({ withMean: false }).fitTransform(model.SparseMatrix.fromDense(X)).toCSR()]);
  keep('labels', [new model.LabelEncoder().fit(y), new model.LabelBinarizer().fit(y), new model.LabelBinarizer().fit(y).transform(y)]);
  keep('metrics', [
    model.accuracyScore(y, y), model.confusionMatrix(y, y), model.precisionScore(y, y, { posLabel: 'up' }),
    model.recallScore(y, y, { average: 'macro' }), model.f1Score(y, y, { average: 'micro' }), model.logLoss(y, p),
    model.rocAucScore(y, sums), model.meanSquaredError(sums, sums), model.r2Score(sums, sums),
  ]);
  const [ups, two] = [y.map((label) => label === 'up'), X.map(([a, b]) => [Number(a > 0), Number(b > 0)])];
  keep('further metrics', [
    model.balancedAccuracyScore(y, y), model.matthewsCorrcoef(y, y), model.fbetaScore(ups, ups, { beta: 2 }),
    model.f1Score(two, two, { average: 'samples' }), model.accuracyScore(two, two), model.classificationReport(y, y),
    String(model.classificationReport(two, two)), model.rocCurve(ups, sums), model.precisionRecallCurve(y, sums),
    model.averagePrecisionScore(two, X), model.topKAccuracyScore(y, sums, { k: 1 }), model.rocAucScore(two, X),
    model.rootMeanSquaredError(sums, sums), model.meanSquaredLogError([1], [2]), model.meanAbsolutePercentageError(sums, sums),
  ]);
  keep('splitters', [
    new model.ShuffleSplit(), new model.StratifiedShuffleSplit({ testSize: 4 }), new model.GroupKFold(),
    new model.StratifiedGroupKFold({ nSplits: 2 }), new model.TimeSeriesSplit(), new model.LeaveOneOut(),
    new model.RepeatedKFold({ nRepeats: 2 }), new model.RepeatedStratifiedKFold({ nSplits: 2, nRepeats: 2 }),
  ].map((splitter) => [...splitter.split(X, y, X.map((_, i) => i % 6))]));
  const classifier = model.MLPClassifier.from({ coefs: [[[1], [2]]], intercepts: [[0.5]], classes: ['down', 'up'] });
  keep('classifier', [classifier.predict(X), classifier.predictProba(X), classifier.score(X, y), classifier.getParams(), String(classifier)]);
  keep('async', [await classifier.predictAsync(X), await classifier.predictProbaAsync(X)]);
  keep('json', [classifier, model.MLPClassifier.fromJSON(JSON.stringify(classifier)), model.MLPClassifier.fromJSON(JSON.stringify(new model.MLPClassifier()))]);
  const regressor = model.MLPRegressor.from({ coefs: [[[1], [2]]], intercepts: [[0.5]] });
  keep('regressor', [regressor.predict(X), regressor.score(X, sums), await regressor.predictAsync(X)]);
  const target = new model.TransformedTargetRegressor({ regressor: new model.MLPRegressor(), transformer: new model.StandardScaler() });
  keep('target', [target, model.TransformedTargetRegressor.fromJSON(JSON.stringify(target)), String(target.clone())]);
  const pipeline = new model.Pipeline([new model.StandardScaler().fit(X), regressor]);
  keep('pipeline', [pipeline, model.Pipeline.fromJSON(JSON.stringify(pipeline)).predict(X), pipeline.score(X, sums), await pipeline.predictAsync(X)]);
  keep('inspected', [
    await model.permutationImportance(classifier, X, y, { scoring: 'rocAuc' }), model.inputSaliency(pipeline, X),
    model.calibrate(model.MLPClassifier.from({ coefs: [[[1], [2]]], intercepts: [[0.5]], classes: ['down', 'up'] }), X, y),
    model.getScorer('negLogLoss')(classifier, X, y), model.getScorer('r2')(pipeline, X, sums),
  ]);
  keep('clone', [classifier.clone().getParams(), new model.MLPRegressor().setParams({ alpha: 1 }).getParams()]);
  if (!fits) return out;
  keep('step', further.gradients(codes, sums, { rowsSeen: 3 }));
  await further.fit(codes, sums, { epochs: 2, background: false });
  keep('further fit', further.parameters.slice());
  keep('penalties', net.loss(X, y.map((label) => Number(label === 'up')), { l2: 0.1 }));
  const parameters = { background: false, hiddenLayerSizes: [3], maxIter: 5, dtype: 'f64' };
  keep('fit', (await new model.MLPClassifier(parameters).fit(X, y)).lossCurve);
  const chosen = { solver: { name: 'adamw', weightDecay: 0.1 }, learningRate: { name: 'cosine' }, classWeight: { up: 2 }, activation: ['tanh'] };
  const weighed = new model.Pipeline([new model.StandardScaler(), new model.MLPClassifier({ ...parameters, ...chosen })]);
  await weighed.fit(X, y, { validationData: { X, y } });
  keep('further', [weighed.estimator.lossCurve, weighed.estimator.validationLoss, weighed.estimator.getParams(), weighed]);
  const own = new model.NetworkEstimator(net, { epochs: 3, background: false });
  await own.fit(X, y.map((label) => Number(label === 'up')), { validationData: { X, y: y.map(() => 1) } });
  keep('network estimator', [own.history.loss, own.history.validationLoss, own.predict(X), own.getParams(), String(own)]);
  const code = y.map((label) => Number(label === 'up'));
  keep('network methods', [net.predict(X), net.score(X, code), net.score(X, code, { scoring: 'negLogLoss' })]);
  const beyond = { dropout: 0.2, averaging: { name: 'ema', decay: 0.5 }, clipNorm: 1, loss: 'pinball', quantiles: [0.1, 0.9] };
  const ranged = await new model.MLPRegressor({ ...parameters, ...beyond }).fit(X, sums);
  keep('quantiles', [ranged.predict(X), ranged.score(X, sums), ranged.quantiles, ranged.getParams(), ranged]);
  const around = new model.TransformedTargetRegressor({ regressor: new model.MLPRegressor(parameters), transformer: new model.StandardScaler() });
  await around.setParams({ 'regressor.alpha': 0.1, 'transformer.withMean': false }).fit(X, sums);
  keep('transformed', [around.predict(X), around.score(X, sums, { scoring: 'r2' }), around]);
  const inner = { 'regressor.alpha': [1, 2] };
  keep('inner grid', (await model.gridSearch(around, X, sums, inner, { cv: 2 })).bestParameters);
  const queue = new model.MLPRegressor(parameters);
  await Promise.all([queue.partialFit(X, sums), queue.partialFit(X, sums)]);
  keep('partialFit', queue.lossCurve);
  const whole = new model.Pipeline([new model.StandardScaler(), new model.MLPClassifier(parameters)]);
  keep('whole', (await whole.fit(X, y)).predict(X));
  keep('folded', (await model.crossValidate(whole, X, y, { cv: 2 })).testScore);
  const timeless = ({ results, refitSeconds, ...rest }) =>
    [rest, results.map(({ fitSeconds, scoreSeconds, ...each }) => each)];
  const grid = { 'estimator.alpha': [1, 2] };
  keep('grid', timeless(await model.gridSearch(whole, X, y, grid, { cv: 2, jobs: 2 })));
  const halving = { resource: 'estimator.maxIter', maxResources: 4 };
  const space = { 'estimator.alpha': { uniform: [0, 1] } };
  keep('drawn', timeless(await model.randomSearch(whole, X, y, space, { cv: 2, nIter: 4, halving })));
  keep('unseen', await model.crossValPredict(whole, X, y, { cv: 2, method: 'predictProba' }));
  return out;
}
`;

const KNOWN = [
  'alpha',
  ...Object.keys(activationOptions()),
  ...Object.keys(OPTIONS_OF_LOSSES),
  'activation',
  'average',
  'averaging',
  'bias',
  'biases',
  'categories',
  'classes',
  'checkpoint',
  'classWeight',
  'column',
  'clip',
  'clipNorm',
  'coefs',
  'createWorker',
  'estimator',
  'func',
  'lossOptions',
  'monitor',
  'network',
  'own',
  'regressor',
  'several',
  'transformer',
  'transformers',
  'focalAlpha',
  'focalGamma',
  'fused',
  'labelSmoothing',
  'pack',
  'quantiles',
  'range',
  'targets',
  'threshold',
  'cv',
  'drop',
  'dropout',
  'dtype',
  'core',
  'engine',
  'env',
  'featureRange',
  'forceFinite',
  'handleUnknown',
  'hiddenLayerSizes',
  'history',
  'initializer',
  'inputs',
  'intercepts',
  'kind_',
  'labels',
  'layers',
  'loss',
  'mean',
  'means',
  'matrix',
  'maximum',
  'mish',
  'momentum',
  'nests',
  'straight',
  'differs',
  'module',
  'multilabel',
  'multioutput',
  'nan',
  'negLabel',
  'normalize',
  'nSamplesSeen',
  'nSplits',
  'onNonFinite',
  'parameters',
  'posLabel',
  'p',
  'replace',
  'last',
  'apart',
  'pack',
  'randomState',
  'rate',
  'rowsSeen',
  'reduction',
  'returnTrainScore',
  'sampleWeight',
  'scale',
  'scoring',
  'seed',
  'shared',
  'shuffle',
  'signal',
  'stratify',
  'testSize',
  'training',
  'trainSize',
  'units',
  'validationData',
  'validationSplit',
  'variance',
  'variances',
  'warmStart',
  'weights',
  'withMean',
  'withStd',
  'zeroDivision',
  'onEpoch',
  'l2',
  'l1',
  'penalty',
  'epsilon',
  'tol',
  'solver',
  'adjusted',
  'aggressiveElimination',
  'beta',
  'digits',
  'dropIntermediate',
  'error',
  'errorScore',
  'estimator',
  'factor',
  'gap',
  'groups',
  'halving',
  'jobs',
  'k',
  'label',
  'maxResources',
  'maxSamples',
  'maxTrainSize',
  'method',
  'minResources',
  'multiClass',
  'nIter',
  'nRepeats',
  'onCandidate',
  'output',
  'refit',
  'resource',
  'targetNames',
  'transformers',
  'uniform',
];
/** Those that training, or the generator of random numbers, reads. */
const OF_TRAINING = [
  'dtype',
  'sampleWeight',
  'shuffle',
  'seed',
  'signal',
  'onEpoch',
  'epsilon',
  'l2',
  'l1',
  'penalty',
  'momentum',
  'differs',
  'rowsSeen',
];

const run = promisify(execFile);

/** What a process prints that pollutes before it calls. */
async function polluted(names: readonly string[], fits: boolean): Promise<{ fresh: string[]; dirty: string[] }> {
  const code = `${CALLS}
    const fresh = await results(${fits});
    for (const name of ${JSON.stringify(names)}) Object.prototype[name] = name === 'junk' ? () => 1 : { of: name };
    const dirty = await results(${fits});
    for (const name of ${JSON.stringify(names)}) delete Object.prototype[name];
    console.log(JSON.stringify({ fresh, dirty }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

test.each([
  ['enumerable junk', ['junk', 'x', 'then_', 'toJSON_'], true],
  ['the options of training apart', KNOWN.filter((name) => !OF_TRAINING.includes(name)), true],
  ['every known name', KNOWN, false],
] as const)('every call works as before: %s', async (_, names, fits) => {
  const { fresh, dirty } = await polluted(names, fits);
  expect(fresh.length).toBeGreaterThan(14);
  expect(dirty).toEqual(fresh);
});

test('further activations are known whatever has their names', async () => {
  const code = `
    Object.prototype.mish = 1;
    Object.defineProperty(Object.prototype, 'relu6', { get: () => 1, configurable: true });
    Object.prototype.hinge = Object.prototype.pack = Object.prototype.targets = Object.prototype.threshold = 1;
    const { activations, losses } = await import('bitgrad/layers');
    const { network } = await import('bitgrad');
    console.log(activations.map((activation) => network({ inputs: 1, layers: [{ units: 1, activation }] }).inputs).join());
    const lastOf = new Map([['focal', 'sigmoid'], ['klDivergence', 'softmax'], ['poissonDeviance', 'exp']]);
    const options = (loss) => ({ inputs: 1, layers: [{ units: 2, activation: lastOf.get(loss) }], loss });
    console.log(losses.map((loss) => network(options(loss)).gradients([[1]], [[1, 0]]).weights[0].cols).join());`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code]);
  expect(stdout).toBe(`${activations.map(() => 1).join()}\n${losses.map(() => 2).join()}\n`);
});
