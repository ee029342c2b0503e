// The pack of further layers: what those that bitgrad/layers adds put on an engine's backend, and the core never loads.

import type { LAYERS } from '../kernels/layers.js';
import type { Pack } from '../kernels/pack.js';
import { layersReference } from './ts/layers.js';
import { EMBEDDED } from './wasm/bytes/layers.js';

export const layers: Pack<typeof LAYERS> = { name: 'layers', reference: layersReference, embedded: EMBEDDED };
