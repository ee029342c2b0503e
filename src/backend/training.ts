// The pack of training: what src/train puts on an engine's backend, and the core never loads.

import type { Pack } from '../kernels/pack.js';
import type { TRAINING } from '../kernels/training.js';
import { trainingReference } from './ts/training.js';
import { EMBEDDED } from './wasm/bytes/training.js';

export const training: Pack<typeof TRAINING> = { name: 'training', reference: trainingReference, embedded: EMBEDDED };
