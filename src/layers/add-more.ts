// What makes further layers and activations known.

import { addActivations } from './activations.js';
import { addLayers } from './layers.js';
import { MORE_ACTIVATIONS, type MoreActivationName } from './more-activations.js';
import { MORE_LAYERS } from './more-layers.js';

/** Their names. */
export const activations = Object.keys(MORE_ACTIVATIONS) as readonly MoreActivationName[];
/** Their kinds. */
export const layers = Object.keys(MORE_LAYERS) as readonly (keyof typeof MORE_LAYERS)[];

/** To every engine; harmless when repeated. */
export function addMore(): void {
  addActivations(MORE_ACTIVATIONS);
  addLayers(MORE_LAYERS);
}
