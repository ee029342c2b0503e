// Jest with Babel reads this as CommonJS, Jest and vitest without as an ES module; `test` is a global of both.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as bitgrad from 'bitgrad';
import * as functions from 'bitgrad/functions';
import * as layers from 'bitgrad/layers';
import 'bitgrad/methods';
import * as model from 'bitgrad/model';
import * as train from 'bitgrad/train';
import { trial } from '../trial.cjs';

const kernels = createRequire(join(process.cwd(), 'x.js')).resolve('bitgrad/kernels.wasm');

test('import', () => trial({ bitgrad, train, model, layers, functions }, kernels));
