// What makes further layers, activations and losses, and functions as losses, known.

import { addActivations } from './activations.js';
import { addLayers } from './layers.js';
import { custom } from './losses/custom.js';
import { LOSS_NAMES, LOSSES } from './losses.js';
import { MORE_ACTIVATIONS, type MoreActivationName } from './more-activations.js';
import { MORE_LAYERS } from './more-layers.js';
import { FULLER_LOSSES, MORE_LOSSES, type MoreLossName } from './more-losses.js';

/** Their names. */
export const activations = Object.keys(MORE_ACTIVATIONS) as readonly MoreActivationName[];
/** Their names. */
export const losses = Object.keys(MORE_LOSSES) as readonly MoreLossName[];
/** Their kinds. */
export const layers = Object.keys(MORE_LAYERS) as readonly (keyof typeof MORE_LAYERS)[];

/** To every engine; harmless when repeated. */
export function addMore(): void {
  addActivations(MORE_ACTIVATIONS);
  Object.assign(Object.setPrototypeOf(LOSSES, null), MORE_LOSSES, FULLER_LOSSES, { custom });
  LOSS_NAMES.push(...losses.filter((name) => !LOSS_NAMES.includes(name)));
  addLayers(MORE_LAYERS);
}
