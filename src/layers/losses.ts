// The table of losses: from it come their names, their type, and the options that networks take for them.

import type { Together } from './kinds.js';
import type { Loss, LossFunction } from './loss.js';
import { binaryCrossEntropy } from './losses/binaryCrossEntropy.js';
import { crossEntropy } from './losses/crossEntropy.js';
import { HUBER_OPTIONS, huber } from './losses/huber.js';
import { mae } from './losses/mae.js';
import { mse } from './losses/mse.js';
import { poisson } from './losses/poisson.js';
import { squaredError } from './losses/squaredError.js';
import type { MoreLosses, MoreLossName } from './more-losses.js';

const TABLE = { mse, squaredError, mae, huber, binaryCrossEntropy, crossEntropy, poisson };

/** Those of the second table are known where `bitgrad/layers` is imported. */
export type LossName = keyof typeof TABLE | MoreLossName;

/** `custom` is what a function is, not in the list of names; it, too, comes with `bitgrad/layers`. */
export const LOSSES = TABLE as object as Record<LossName, Loss> & {
  custom?: Loss<{ loss: LossFunction }>;
};
export const LOSS_NAMES = /* @__PURE__ */ Object.keys(TABLE) as LossName[];

/** What the losses have for options. */
export type OptionsOfLosses = Together<OptionsOf<(typeof TABLE)[keyof typeof TABLE] | MoreLosses>>;

type OptionsOf<Line> = Line extends Loss<infer Options> ? Options : never;

/** Of the core's, which every network states: there are no others. */
export const OPTIONS_OF_LOSSES = HUBER_OPTIONS;
