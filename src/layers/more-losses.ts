// The tables of further losses, which are known where bitgrad/layers is imported: the core has no bytes for them.

import { cosine } from './losses/cosine.js';
import { focal } from './losses/focal.js';
import { hinge } from './losses/hinge.js';
import { klDivergence } from './losses/klDivergence.js';
import { logCosh } from './losses/logCosh.js';
import { pinball } from './losses/pinball.js';
import { poissonDeviance } from './losses/poissonDeviance.js';
import { smoothedBinary, smoothedClasses } from './losses/smoothed.js';
import { squaredHinge } from './losses/squaredHinge.js';

export const MORE_LOSSES = { cosine, focal, hinge, klDivergence, logCosh, pinball, poissonDeviance, squaredHinge };

/** The core's, with options that they do not have there. */
export const FULLER_LOSSES = { binaryCrossEntropy: smoothedBinary, crossEntropy: smoothedClasses };

export type MoreLossName = keyof typeof MORE_LOSSES;

/** The lines of both. */
export type MoreLosses = (typeof MORE_LOSSES)[MoreLossName] | (typeof FULLER_LOSSES)[keyof typeof FULLER_LOSSES];
