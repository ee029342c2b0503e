// The kernels of further layers in TypeScript: the readable reference, over any linear memory.

import type { LAYERS, LayersKernels } from '../../kernels/layers.js';
import type { Memory } from '../../kernels/memory.js';
import type { Both } from '../../kernels/table.js';
import { moreActivations } from './activations.js';
import { dropouts } from './dropout.js';
import { embeddings } from './embed.js';
import { powersOfTwo } from './exp.js';
import { type Format, inBoth } from './format.js';
import { furtherLosses } from './further-losses.js';
import { norms } from './norm.js';
import { normal, normalF32 } from './normal.js';

const kernels = (format: Format): LayersKernels => ({
  ...moreActivations(format),
  ...furtherLosses(format),
  ...dropouts(format),
  ...embeddings(format),
  ...norms(format),
  ...(format.shift === 2 ? normalF32 : normal)(format, powersOfTwo()),
});

export const layersReference = (memory: Memory): Both<typeof LAYERS> => inBoth(memory, kernels);
