// Run by test/package/pack.test.ts in a project that has the tarball installed: every entry from ESM.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as auto from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { checkEntries } from './expect.cjs';

const kernels = readFileSync(createRequire(import.meta.url).resolve('bitgrad/kernels.wasm'));
checkEntries({ auto, wasm, ts }, kernels);
