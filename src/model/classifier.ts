// MLPClassifier: labels of any number of classes, or several labels at once.

import { type Label, readLabels } from '../data/labels.js';
import { accuracyScore } from '../data/metrics.js';
import { checkRows, type NumberArray, readTable, rowsOf } from '../data/tables.js';
import { checkOptions } from '../errors.js';
import { log } from '../log.js';
import { Matrix } from '../matrix.js';
import { type MatrixInput, newArray } from '../operand.js';
import { DEFAULTS, type MLPParameters } from './estimator-options.js';
import { type EstimatorFitOptions, MLP, type Task } from './mlp.js';
import { columnOf, isMultilabel, type LabelInput, type LabelPlan, labelsFrom, readLabelTask } from './targets.js';

/**
 * A network that learns labels, with scikit-learn's parameters, defaults and stopping rules.
 *
 * Labels are strings, numbers or booleans: two classes give one sigmoid output, more give softmax. A matrix of 0 and 1 as y
 * gives each row several labels at once.
 *
 * @example
 * const X = [[0], [1], [2], [3]];
 * const y = ['low', 'low', 'high', 'high'];
 * const model = new MLPClassifier({ hiddenLayerSizes: 4, solver: 'lbfgs', background: false });
 * await model.fit(X, y);
 * model.predict([[0.2], [2.9]]); // ['low', 'high']
 * model.classes; // ['high', 'low']
 */
export class MLPClassifier extends MLP<MLPParameters> {
  /** @throws {ValueError|DtypeError} naming the parameter */
  constructor(parameters: Partial<MLPParameters> = {}) {
    super('MLPClassifier', 'accuracy', parameters, DEFAULTS);
  }

  protected override readTargets(y: unknown, before: LabelPlan | undefined, classes: unknown, partial: boolean): Task {
    const task = readLabelTask(y, before, classes, partial);
    if (!partial) this.checkHeldOut(isMultilabel(y) ? rowsOf(y, 'y') : readLabels(columnOf(y), 'y').labels, 1);
    return task;
  }

  /**
   * Trains on X, rows x features, and y, a label for each row or rows x labels of 0 and 1.
   *
   * @throws {ValueError|ShapeError|DtypeError} naming the argument; {NonFiniteError} where numbers leave the finite; the
   * signal's reason if it aborts
   */
  fit(X: MatrixInput, y: LabelInput, options: EstimatorFitOptions = {}): Promise<this> {
    return this.train(X, y, options);
  }

  /**
   * One epoch over some rows, going on with what earlier calls left: parameters, optimizer, random numbers.
   *
   * @param options `classes`: all labels that any call may bring, needed in the first
   * @throws {ValueError} if y has other labels, or with lbfgs or earlyStopping
   */
  async partialFit(
    X: MatrixInput,
    y: LabelInput,
    options: {
      classes?: readonly Label[] | ArrayLike<number>;
      sampleWeight?: EstimatorFitOptions['sampleWeight'];
    } = {},
  ): Promise<this> {
    checkOptions(options, ['classes', 'sampleWeight'], 'partialFit');
    return this.trainOnce(X, y, options.classes, options.sampleWeight);
  }

  /** The labels, in order: numbers by size, strings by code units, false before true; of multilabel the columns' numbers. */
  get classes(): Label[] {
    return [...this.#labels.classes];
  }

  get #labels(): LabelPlan {
    return this.fitted.labels as LabelPlan;
  }

  /**
   * The label of each row, the most probable one; of multilabel an array of 0 and 1.
   *
   * @throws {NotFittedError} before fit; {NonFiniteError} if an output is not finite
   */
  predict<L extends Label | number[] = Label>(X: MatrixInput): L[] {
    return labelsFrom(this.#labels, this.forward(X)) as L[];
  }

  /** The probability of each class, rows x classes, in the order of `classes`. */
  predictProba(X: MatrixInput): Matrix {
    const outputs = this.forward(X);
    if (this.#labels.kind !== 'binary') return outputs;
    const data = newArray(outputs.dtype, 2 * outputs.rows);
    outputs.data.forEach((p, i) => {
      data[2 * i] = 1 - p;
      data[2 * i + 1] = p;
    });
    return new Matrix(outputs.rows, 2, data);
  }

  /** The natural logarithms of those. */
  predictLogProba(X: MatrixInput): Matrix {
    const probabilities = this.predictProba(X);
    const { data } = probabilities;
    for (let i = 0; i < data.length; i++) data[i] = log(data[i]);
    return probabilities;
  }

  /** Accuracy: the part of rows, by weight if any are given, whose label, or all of whose labels, are right. */
  score(X: MatrixInput, y: LabelInput, options: { sampleWeight?: EstimatorFitOptions['sampleWeight'] } = {}): number {
    checkOptions(options, ['sampleWeight'], 'score');
    const predicted = this.predict<Label | number[]>(X);
    const sampleWeight = options.sampleWeight as NumberArray | undefined;
    if (this.#labels.kind !== 'multilabel') {
      return accuracyScore(columnOf(y) as ArrayLike<Label>, predicted as Label[], { sampleWeight });
    }
    const { rows, cols, data } = readTable(y, 'y', { matrix: true });
    checkRows('X', predicted.length, 'y', rows);
    const right = (predicted as number[][]).map((labels, i) =>
      labels.every((label, j) => label === data[i * cols + j]),
    );
    return accuracyScore(new Array<boolean>(rows).fill(true), right, { sampleWeight });
  }
}
