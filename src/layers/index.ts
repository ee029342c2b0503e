// bitgrad/layers: further layers and activations. To import it makes them known to every engine; a bundle without does not hold them.

import { addMore } from './add-more.js';

addMore();

export { activations, layers } from './add-more.js';
