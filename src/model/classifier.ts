// MLPClassifier: labels of any number of classes, or several labels at once.

import { readOptions } from '../checks/read-options.js';
import { type Label, readLabels } from '../data/labels.js';
import { accuracyScore } from '../data/metrics/confusion.js';
import { type NumberArray, readColumn, readFinite } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkSameRows, type MatrixInput, type RowsInput } from '../matrix/operand.js';
import { classWeightsOf } from './class-weight.js';
import { type EstimatorJSON, type JSONOptions, readEstimatorJSON } from './estimator-json.js';
import { CLASSIFIER_DEFAULTS, type ClassifierParameters } from './estimator-options.js';
import type { EstimatorFitOptions, Score } from './fit-options.js';
import { checkHeldOut } from './held-out.js';
import { MLP } from './mlp.js';
import { type AsyncOptions, Gathered } from './pieces.js';
import { type ScoringOptions, scoreBy } from './scoring.js';
import {
  endOf,
  type LabelInput,
  type LearntOf,
  labelsFrom,
  labelTask,
  logarithms,
  type Predicted,
  type PredictedOf,
  planOf,
  probabilitiesFrom,
  readGivenLabels,
} from './targets.js';
import type { End, LabelPlan, Reading, ReadTargets } from './task.js';
import { classesOf, type GivenWeights, readAllWeights } from './weights.js';

type Classes = readonly Label[] | ArrayLike<number>;

export interface ClassifierWeights<C extends Classes | undefined = Classes | undefined>
  extends GivenWeights<ClassifierParameters> {
  /** In order, an output for each; of two classes one output. Of several labels at once there need be none. */
  classes?: C;
  /** Whether each output is a label of its own, so that a row may have several; default false. */
  multilabel?: boolean;
}

// Outside the class, as src/matrix/matrix.ts says.
const create = <L extends Predicted>(parameters: Partial<ClassifierParameters>) => new MLPClassifier<L>(parameters);

/**
 * A network that learns labels, with scikit-learn's parameters, defaults and stopping rules.
 *
 * Labels are strings, numbers or booleans: two classes give one sigmoid output, more give softmax. A matrix of 0 and 1 as y
 * gives each row several labels at once.
 *
 * @typeParam L what predict gives for a row: what `fit` resolves to has the type of its labels
 * @example
 * const X = [[0], [1], [2], [3]];
 * const y = ['low', 'low', 'high', 'high'];
 * const model = new MLPClassifier({ hiddenLayerSizes: 4, solver: 'lbfgs', background: false });
 * await model.fit(X, y);
 * model.predict([[0.2], [2.9]]); // ['low', 'high']
 * model.classes; // ['high', 'low']
 */
export class MLPClassifier<L extends Predicted = Label> extends MLP<ClassifierParameters> {
  /** @throws {ValueError|DtypeError} naming the parameter */
  constructor(parameters: Partial<ClassifierParameters> = {}) {
    super('MLPClassifier', parameters, CLASSIFIER_DEFAULTS);
  }

  /**
   * A fitted classifier of given weights, which partialFit and warm starts go on from.
   *
   * @param weights coefs (each layer's inputs x units) and intercepts (units), as scikit-learn's coefs_ and intercepts_; classes,
   * or multilabel; any parameter but hiddenLayerSizes, which follows
   * @throws {ValueError|ShapeError|DtypeError} naming the argument
   * @example
   * const model = MLPClassifier.from({ coefs: [[[2], [-2]]], intercepts: [[0]], classes: ['left', 'right'] });
   * model.predict([[1, 0], [0, 1]]); // ['right', 'left']
   */
  static from<const C extends Classes | undefined = undefined>(
    weights: ClassifierWeights<C>,
  ): MLPClassifier<C extends undefined ? number[] : PredictedOf<C>> {
    const { parameters, layers, rest } = readAllWeights(
      weights,
      CLASSIFIER_DEFAULTS,
      ['classes', 'multilabel'],
      'MLPClassifier.from',
    );
    const classes = classesOf(rest.classes, rest.multilabel, layers[layers.length - 1].units);
    const model = create<C extends undefined ? number[] : PredictedOf<C>>(parameters);
    model.adopt(layers, planOf(classes, rest.multilabel === true));
    return model;
  }

  /** The classifier that toJSON wrote. @param json it or its text @throws {ValueError} naming what is wrong with it */
  static fromJSON<L extends Predicted = Label>(
    json: EstimatorJSON | string,
    options: JSONOptions = {},
  ): MLPClassifier<L> {
    const { parameters, labels, network } = readEstimatorJSON(json, 'MLPClassifier', CLASSIFIER_DEFAULTS, options);
    const model = create<L>(parameters);
    if (network) model.restore(network, labels);
    return model;
  }

  protected override get watched(): Score {
    return 'accuracy';
  }

  protected override endOf(labels: LabelPlan | undefined): End {
    return endOf(labels as LabelPlan, this.parameters);
  }

  protected override readTargets(y: unknown, reading: Reading, classes?: unknown): ReadTargets {
    const { parameters } = this;
    const given = readGivenLabels(y);
    const stated = classes === undefined ? undefined : readLabels(classes, 'classes').classes;
    if (reading === 'divided') checkHeldOut(parameters, given.multilabel ? given.y.rows : given.labels, 1);
    return (before) => {
      const task = labelTask(given, before, stated, reading === 'part' || reading === 'validation', parameters);
      return { ...task, classWeight: classWeightsOf(parameters, task.labels, reading) };
    };
  }

  /**
   * Trains on X, rows x features, and y, a label for each row or rows x labels of 0 and 1.
   *
   * @throws {ValueError|ShapeError|DtypeError} naming the argument; {NonFiniteError} where numbers leave the finite; the
   * signal's reason if it aborts
   */
  fit<Y extends LabelInput>(
    X: RowsInput,
    y: Y,
    options: EstimatorFitOptions = {},
  ): Promise<MLPClassifier<LearntOf<L, Y>>> {
    return this.train(X, y, options) as Promise<unknown> as Promise<MLPClassifier<LearntOf<L, Y>>>;
  }

  /**
   * One epoch over some rows, going on with what earlier calls left: parameters, optimizer, random numbers. Calls that are not
   * awaited queue, each with the rows that it was given.
   *
   * @param options `classes`: all labels that any call may bring, needed in the first
   * @throws {ValueError} if y has other labels, or with lbfgs or earlyStopping
   */
  async partialFit<Y extends LabelInput>(
    X: RowsInput,
    y: Y,
    options: {
      classes?: Classes;
      sampleWeight?: EstimatorFitOptions['sampleWeight'];
    } = {},
  ): Promise<MLPClassifier<LearntOf<L, Y>>> {
    const { classes, sampleWeight } = readOptions(options, ['classes', 'sampleWeight'], 'partialFit');
    return this.trainOnce(X, y, classes, sampleWeight) as Promise<unknown> as Promise<MLPClassifier<LearntOf<L, Y>>>;
  }

  /** The labels, in order: numbers by size, strings by code units, false before true; of multilabel the columns' numbers. */
  get classes(): (L extends number[] ? number : L)[] {
    return [...this.#labels.classes] as (L extends number[] ? number : L)[];
  }

  get #labels(): LabelPlan {
    return this.fitted.labels as LabelPlan;
  }

  /**
   * The label of each row, the most probable one; of multilabel an array of 0 and 1.
   *
   * @throws {NotFittedError} before fit; {NonFiniteError} if an output is not finite
   */
  predict(X: RowsInput): L[] {
    return labelsFrom(this.#labels, this.forward(X)) as L[];
  }

  /**
   * The same for many rows, a few milliseconds at a time: the event loop has its turn in between.
   *
   * @param X it must not change meanwhile
   * @throws what predict throws; the signal's reason if it aborts
   */
  async predictAsync(X: RowsInput, options: AsyncOptions = {}): Promise<L[]> {
    const result: L[] = [];
    await this.forwardAsync(X, options, 'predictAsync', (outputs) => {
      for (const label of labelsFrom(this.#labels, outputs)) result.push(label as L);
    });
    return result;
  }

  /** The probability of each class, rows x classes, in the order of `classes`. */
  predictProba(X: RowsInput): Matrix {
    return probabilitiesFrom(this.#labels, this.forward(X));
  }

  /** The same a few milliseconds at a time, as predictAsync. */
  async predictProbaAsync(X: RowsInput, options: AsyncOptions = {}): Promise<Matrix> {
    const result = new Gathered();
    await this.forwardAsync(X, options, 'predictProbaAsync', (outputs, rows) => {
      result.add(probabilitiesFrom(this.#labels, outputs), rows);
    });
    return result.matrix;
  }

  /** The natural logarithms of those. */
  predictLogProba(X: RowsInput): Matrix {
    return logarithms(this.predictProba(X));
  }

  /** By `scoring`, or accuracy: the part of rows, by weight if any are given, whose label, or all of whose labels, are right. */
  score(X: RowsInput, y: LabelInput, options: ScoringOptions<this, MatrixInput> = {}): number {
    return scoreBy(this, X, y, options, (sampleWeight) => this.#accuracy(X, y, sampleWeight));
  }

  #accuracy(X: RowsInput, y: LabelInput, sampleWeight: NumberArray | undefined): number {
    const predicted: Predicted[] = this.predict(X);
    if (this.#labels.kind !== 'multilabel') {
      return accuracyScore(readColumn(y, 'y') as ArrayLike<Label>, predicted as Label[], { sampleWeight });
    }
    const { rows, cols, data } = readFinite(y, 'y', true);
    checkSameRows('X', predicted.length, 'y', rows);
    const right = (predicted as number[][]).map((labels, i) =>
      labels.every((label, j) => label === data[i * cols + j]),
    );
    return accuracyScore(new Array<boolean>(rows).fill(true), right, { sampleWeight });
  }
}
