// The table of losses: from it come their names, their type, and the options that networks take for them.

import type { Readers } from '../checks/readers.js';
import { optionsOf, type Together, tableOf } from './kinds.js';
import type { Loss, LossFunction } from './loss.js';
import { binaryCrossEntropy } from './losses/binaryCrossEntropy.js';
import { crossEntropy } from './losses/crossEntropy.js';
import { huber } from './losses/huber.js';
import { mae } from './losses/mae.js';
import { mse } from './losses/mse.js';
import { poisson } from './losses/poisson.js';
import { squaredError } from './losses/squaredError.js';

const TABLE = { mse, squaredError, mae, huber, binaryCrossEntropy, crossEntropy, poisson };

export type LossName = keyof typeof TABLE;

/** `custom` is what a function is: there where `bitgrad/layers` was imported. */
export const LOSSES: Readonly<Record<LossName, Loss>> & { custom?: Loss<{ loss: LossFunction }> } =
  /* @__PURE__ */ tableOf(TABLE);
/** A function as a loss becomes this one. */
export function addCustom(custom: Loss<{ loss: LossFunction }>): void {
  (LOSSES as { custom?: typeof custom }).custom = custom;
}

export const LOSS_NAMES = /* @__PURE__ */ Object.keys(TABLE) as LossName[];

/** What the losses have for options. */
export type OptionsOfLosses = Together<OptionsOf<(typeof TABLE)[LossName]>>;

type OptionsOf<Line> = Line extends Loss<infer Options> ? Options : never;

export const OPTIONS_OF_LOSSES: Readers<OptionsOfLosses> = /* @__PURE__ */ optionsOf(LOSSES);
