// What makes further activations, and functions as losses, known.

import { addActivations } from './activations.js';
import { custom } from './losses/custom.js';
import { addCustom } from './losses.js';
import { MORE_ACTIVATIONS, type MoreActivationName } from './more-activations.js';

/** Their names. */
export const activations = Object.keys(MORE_ACTIVATIONS) as readonly MoreActivationName[];

/** To every engine; harmless when repeated. */
export function addMore(): void {
  addActivations(MORE_ACTIVATIONS);
  addCustom(custom);
}
