// Every format: a line here, and a file beside.

import { csv } from './csv.js';
import type { Format } from './format.js';

/** In the order in which first bytes are looked at; the last one is taken for what no other knows. */
export const FORMATS: readonly Format[] = [csv];
