// Every format: a line here, and a file beside.

import { arff } from './arff.js';
import { csv } from './csv.js';
import type { Format } from './format.js';
import { idx } from './idx.js';
import { libsvm } from './libsvm.js';
import { ndjson } from './ndjson.js';
import { npy } from './npy.js';
import { npz } from './npz.js';
import { parquet } from './parquet.js';

/** In the order in which first bytes are looked at: what anything could be comes last. */
export const FORMATS: readonly Format[] = [parquet, npy, npz, idx, arff, ndjson, libsvm, csv];
