// What types tell whoever uses the package: compiled by test/package/consumers.test.ts against the tarball, never run.

import { createEngine, engine, Matrix, Network, network, type ResidentMatrix, random, zeros } from 'bitgrad';
import 'bitgrad/methods';
import {
  accuracyScore,
  type CrossValidateOptions,
  crossValidate,
  type Label,
  load,
  MLPClassifier,
  MLPRegressor,
  NetworkEstimator,
  type NetworkPrediction,
  Pipeline,
  r2Score,
  StandardScaler,
  TransformedTargetRegressor,
} from 'bitgrad/model';
import { type FitOptions, type History, train } from 'bitgrad/train';
import { network as tsNetwork } from 'bitgrad/ts';

/** Whether both are the same type, and not only assignable to each other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles if the value's type is this one. */
const is = <Wanted,>() => ({ of: <Got,>(_: Got, ..._same: Same<Got, Wanted> extends true ? [] : [never]): void => {} });

const X = [[0], [1], [2], [3]];
const names = ['low', 'low', 'high', 'high'];
const numbers = [0, 0, 1, 1];

export async function labels(either: MLPClassifier | MLPRegressor): Promise<void> {
  await either.fit(X, numbers);
  const classifier = await new MLPClassifier().fit(X, names);
  is<MLPClassifier<string>>().of(classifier);
  is<string[]>().of(classifier.predict(X));
  is<string[]>().of(await classifier.predictAsync(X));
  is<string[]>().of(classifier.classes);
  // @ts-expect-error labels of strings are no numbers
  const wrong: number[] = classifier.predict(X);

  is<number[]>().of((await new MLPClassifier().fit(X, numbers)).predict(X));
  is<number[]>().of((await new MLPClassifier().fit(X, Int32Array.from(numbers))).predict(X));
  is<boolean[]>().of((await new MLPClassifier().partialFit(X, [true, false], { classes: [true, false] })).predict(X));
  is<('a' | 'b')[]>().of((await new MLPClassifier().fit(X, names as ('a' | 'b')[])).predict(X));
  is<string[]>().of((await new MLPClassifier().fit(X, ['low', 'high'])).predict(X));
  is<(number | number[])[]>().of((await new MLPClassifier().fit(X, [[1, 0]])).predict(X));

  const several = new MLPClassifier<number[]>();
  is<number[][]>().of(several.predict(X));
  is<number[][]>().of((await several.fit(X, [[1, 0]])).predict(X));
  is<number[][]>().of((await new Pipeline([new StandardScaler(), several]).fit(X, [[1, 0]])).predict(X));
  is<('a' | 'b')[]>().of((await new MLPClassifier<'a' | 'b'>().fit(X, names)).predict(X));
  is<number[]>().of(several.classes);
  // Of one whose labels are not known any may come.
  is<Label[]>().of(new MLPClassifier().predict(X));
  const any: MLPClassifier = classifier;
  void any;

  const given = { coefs: [[[1]]], intercepts: [[0]] };
  is<('left' | 'right')[]>().of(MLPClassifier.from({ ...given, classes: ['left', 'right'] }).predict(X));
  is<number[][]>().of(MLPClassifier.from({ ...given, multilabel: true }).predict(X));
  is<string[]>().of(MLPClassifier.fromJSON<string>('').predict(X));
  is<Float64Array | Float32Array>().of((await new MLPRegressor().fit(X, numbers)).predict(X));
  is<Matrix>().of((await new MLPRegressor<Matrix>().fit(X, X)).predict(X));
  void wrong;
}

export async function pipelines(): Promise<void> {
  const pipeline = new Pipeline([new StandardScaler(), new MLPClassifier()]);
  is<Label[]>().of(pipeline.predict(X));
  const fitted = await pipeline.fit(X, names);
  is<Pipeline<MLPClassifier<string>>>().of(fitted);
  is<string[]>().of(fitted.predict(X));
  is<string[]>().of(await fitted.predictAsync(X));
  is<Matrix>().of(fitted.predictProba(X));
  // @ts-expect-error labels of strings are no numbers
  const wrong: number[] = fitted.predict(X);
  const regressor = new Pipeline([new StandardScaler(), new MLPRegressor()]);
  is<Float64Array | Float32Array>().of(regressor.predict(X));
  const transformer = new StandardScaler();
  const transformed = new TransformedTargetRegressor({ regressor: new MLPRegressor(), transformer });
  is<Float64Array | Float32Array>().of(new Pipeline([new StandardScaler(), transformed]).predict(X));
  is<Float64Array | Float32Array>().of(await new Pipeline([transformed]).predictAsync(X));
  const columns = new TransformedTargetRegressor({ regressor: new MLPRegressor<Matrix>(), transformer });
  is<Matrix>().of((await new Pipeline([new StandardScaler(), columns]).fit(X, X)).predict(X));
  is<Matrix>().of(
    new TransformedTargetRegressor<MLPRegressor, Matrix>({ regressor: new MLPRegressor(), transformer }).predict(X),
  );
  is<Float64Array | Float32Array>().of(new TransformedTargetRegressor({ regressor, transformer }).predict(X));
  is<Matrix>().of((await load<Pipeline<MLPRegressor<Matrix>>>('path')).predict(X));
  is<number[]>().of((await new Pipeline([pipeline]).fit(X, numbers)).predict(X));

  await crossValidate(pipeline, X, names, { scoring: (e, X, y) => accuracyScore(y, e.predict(X)) });
  await crossValidate(pipeline, X, names, {
    scoring(e, X, y) {
      is<Pipeline<MLPClassifier<string>>>().of(e);
      is<Matrix>().of(X);
      is<string[]>().of(y);
      return 0;
    },
  });
  await crossValidate(new MLPClassifier(), X, numbers, { scoring: (e, X, y) => accuracyScore(y, e.predict(X)) });
  await crossValidate(new MLPRegressor(), X, numbers, { scoring: (e, X, y) => r2Score(y, e.predict(X)) });
  const later: CrossValidateOptions<MLPRegressor, number[]> = { scoring: (e, X, y) => r2Score(y, e.predict(X)) };
  await crossValidate(new MLPRegressor(), X, numbers, later);
  is<string[]>().of((await load<Pipeline<MLPClassifier<string>>>('path')).predict(X));
  is<string[]>().of(Pipeline.fromJSON<MLPClassifier<string>>('').predict(X));

  const net = new NetworkEstimator<number[]>(network({ inputs: 1, layers: [1] }), { epochs: 2 });
  is<number[]>().of((await new Pipeline([new StandardScaler(), net]).fit(X, numbers)).predict(X));
  await crossValidate(net, X, numbers, { scoring: (e, X, y) => accuracyScore(y, e.predict(X)) });
  const trained = network({ inputs: 1, layers: [1] });
  is<NetworkPrediction>().of(trained.predict(X));
  is<number[]>().of(trained.predict<number[]>(X));
  is<number>().of(trained.score(X, numbers, { scoring: (net) => net.outputs }));
  const ended = new Pipeline([new StandardScaler(), trained]);
  is<NetworkEstimator>().of(ended.estimator);
  is<NetworkPrediction>().of((await ended.fit(X, numbers)).predict(X));
  is<Matrix>().of(ended.predictProba(X));
  pipeline.score(X, names, { scoring: (e, _, y: string[]) => accuracyScore(y, e.predict(X)) });
  // @ts-expect-error there is no such score
  pipeline.score(X, names, { scoring: 'speed' });
  void wrong;
}

export async function histories(): Promise<void> {
  const net = network({ inputs: 1, layers: [1] });
  const one = await net.fit(X, numbers, { metrics: ['mse', 'r2'] });
  is<Record<'mse' | 'r2', number[]>>().of(one.metrics);
  // @ts-expect-error not asked for
  one.metrics.mae;
  // @ts-expect-error there is no validation set
  one.metrics.validationMse;
  const validated = await net.fit(X, numbers, {
    metrics: ['mse'],
    validationSplit: 0.5,
    onEpoch: ({ loss }) => loss > 0,
  });
  is<Record<'mse' | 'validationMse', number[]>>().of(validated.metrics);
  const given = await net.train(X, numbers, { metrics: ['mae'], validationData: { X, y: numbers } });
  is<number[]>().of(given.metrics.validationMae);
  const none = await net.fit(X, numbers);
  // @ts-expect-error none were asked for
  none.metrics.mse;
  // @ts-expect-error there is no such metric
  net.fit(X, numbers, { metrics: ['mcc'] });
  // @ts-expect-error there is no such option
  net.fit(X, numbers, { metrics: ['mse'], verbose: true });
  is<Record<'accuracy', number[]>>().of((await train(net, { X, y: numbers }, { metrics: ['accuracy'] })).metrics);
  const blocks = async function* () {
    yield { X, y: numbers };
  };
  const inBlocks = await train(net, blocks, { metrics: ['mse'], validationData: { X, y: numbers } });
  is<Record<'validationMse', number[]>>().of(inBlocks.metrics);
  // Options that are known only later may ask for any.
  const options: FitOptions = {};
  const history: History = await net.fit(X, numbers, options);
  is<Record<string, number[]>>().of((await net.fit(X, numbers, options)).metrics);
  void history;
}

export function gradients(): void {
  const net = network({ inputs: 1, layers: [1] });
  is<Matrix<'f64'>>().of(net.gradients(X, numbers, { wrtInputs: true }).inputs);
  is<Matrix<'f64'> | undefined>().of(net.gradients(X, numbers, { wrtInputs: Math.random() < 0.5 }).inputs);
  is<Matrix<'f64'> | undefined>().of(net.gradients(X, numbers).inputs);
  is<ResidentMatrix<'f64'>>().of(net.gradientsInto(X, numbers, net.zeroGradients({ rows: 4 })).inputs);
  is<ResidentMatrix<'f64'> | undefined>().of(net.gradientsInto(X, numbers, net.zeroGradients()).inputs);
}

export function dtypes(): void {
  is<'f32'>().of(network({ inputs: 1, layers: [1], dtype: 'f32' }).dtype);
  const net = new Network({ inputs: 1, layers: [1] });
  is<'f64'>().of(net.dtype);
  is<Float64Array>().of(net.parameters);
  is<Float64Array>().of(net.forward(X).data);
  is<readonly ResidentMatrix<'f64'>[]>().of(net.weights);
  is<Float64Array>().of(net.clone().gradientNorms(X, numbers));
  is<Float64Array>().of(net.zeroGradients().parameters);
  is<Float32Array>().of(tsNetwork({ inputs: 1, layers: [1], dtype: 'f32' }).perSampleGradients(X, numbers).data);
  const any: Network = net;
  is<Float64Array | Float32Array>().of(any.parameters);
  const single = createEngine({ dtype: 'f32' });
  is<'f32'>().of(single.dtype);
  is<Float32Array>().of(single.network({ inputs: 1, layers: [1] }).parameters);
  is<'f64'>().of(single.network({ inputs: 1, layers: [1], dtype: 'f64' }).dtype);
  is<ResidentMatrix<'f32'>>().of(single.zeros(1, 1));
  is<ResidentMatrix<'f32'>>().of(single.matrix(X));
  is<ResidentMatrix<'f64'>>().of(zeros(1, 1));
  is<ResidentMatrix<'f32'>>().of(engine.matrix(new Matrix<'f32'>(1, 1, new Float32Array(1))));

  is<Matrix<'f64'>>().of(Matrix.from(X));
  is<Matrix<'f32'>>().of(Matrix.from(X, { dtype: 'f32' }));
  is<Matrix<'f32'>>().of(Matrix.from(Float32Array.of(1, 2), [1, 2]));
  is<Matrix<'f64'>>().of(Matrix.from([1, 2], [1, 2]));
  is<Matrix<'f32'>>().of(Matrix.from({ rows: 1, cols: 1, data: new Float32Array(1) }));
  is<Matrix<'f64'>>().of(Matrix.zeros(2, 2));
  is<Float32Array>().of(Matrix.zeros(2, 2, { dtype: 'f32' }).transpose().data);
  is<Matrix<'f64'>>().of(random(1).rand(2, 2));
  is<Matrix<'f64'>>().of(random(1).normal(0, 1, [2, 2]));
  const floats = Matrix.zeros(2, 2, { dtype: 'f32' });
  is<Matrix<'f32'>>().of(floats.add(1).slice(0, 1));
  is<Float32Array>().of(floats.sum(0));
  const matrix: Matrix = Matrix.zeros(1, 1);
  // @ts-expect-error it may be of either dtype
  const double: Float64Array = matrix.data;
  // @ts-expect-error there is no such dtype
  Matrix.zeros(1, 1, { dtype: 'f16' });
  void double;
}
