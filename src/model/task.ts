// What an estimator's network is to learn.

import type { Label } from '../data/labels.js';
import type { ActivationName } from '../layers/activations.js';
import type { LossName, OptionsOfLosses } from '../layers/losses.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { FitOptions } from '../train/options.js';

/** How outputs stand for labels. */
export interface LabelPlan {
  /** binary: one output, the second class's probability; multiclass: one for each; multilabel: one for each, 0 or 1. */
  readonly kind: 'binary' | 'multiclass' | 'multilabel';
  /** In order; of multilabel the columns' numbers. */
  readonly classes: readonly Label[];
}

/** The network's end that belongs to targets. */
export interface End {
  readonly outputs: number;
  readonly activation: ActivationName;
  readonly loss: LossName;
  readonly lossOptions?: OptionsOfLosses;
}

/** Targets as a network takes them. */
export interface Task extends End {
  readonly y: MatrixInput | ArrayLike<number>;
  /** Of a classifier. */
  readonly labels: LabelPlan | undefined;
  /** Of its classes, in order. */
  readonly classWeight: FitOptions['classWeight'];
}

/**
 * What targets are read for: a fit, of whose rows earlyStopping may hold out some; a fit that has validation rows; those; one call of
 * partialFit.
 */
export type Reading = 'divided' | 'whole' | 'validation' | 'part';

/** Targets that were read: what they are to learn depends on the fit that this one continues. */
export type ReadTargets = (before: LabelPlan | undefined) => Task;
