// The table of further layers, which are known where bitgrad/layers is imported: the core has no bytes for them.

import { Dropout } from './dropout.js';
import { LayerNorm } from './layer-norm.js';
import { Scale } from './scale.js';

export const MORE_LAYERS = { dropout: Dropout, layerNorm: LayerNorm, scale: Scale };
