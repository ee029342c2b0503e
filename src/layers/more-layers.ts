// The table of further layers, which are known where bitgrad/layers is imported: the core has no bytes for them.

import { BatchNorm } from './batch-norm.js';
import { Dropout } from './dropout.js';
import { Embedding } from './embedding.js';
import { LayerNorm } from './layer-norm.js';
import { Scale } from './scale.js';
import { Add, Skip } from './skip.js';

export const MORE_LAYERS = {
  add: Add,
  batchNorm: BatchNorm,
  dropout: Dropout,
  embedding: Embedding,
  layerNorm: LayerNorm,
  scale: Scale,
  skip: Skip,
};
