// bitgrad/methods: further methods of Matrix and RandomState. To import it gives them to the classes; a bundle without does not
// hold them.

import { Matrix } from './matrix/matrix.js';
import { MATRIX_METHODS } from './matrix/methods.js';
import { RANDOM_METHODS } from './random/methods.js';
import { RandomState } from './random/random.js';

function give(prototype: object, methods: object): void {
  for (const [name, value] of Object.entries(methods)) {
    const method: PropertyDescriptor = { value, writable: true, configurable: true };
    Object.defineProperty(prototype, name, Object.assign(Object.create(null), method));
  }
}

give(Matrix.prototype, MATRIX_METHODS);
give(RandomState.prototype, RANDOM_METHODS);

export type { Axis, MatrixMethods, Term } from './matrix/methods-api.js';
export type { ChoiceOptions, RandomMethods, Shape } from './random/methods-api.js';
