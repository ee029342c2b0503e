// The whole of the engine that decides by itself, and how further ones are made.

import { available, basics, session } from './automatic.js';
import { type Engine, type Factory, makeEngine, makeEngineAsync, networkClass } from './engine.js';
import type { Dtype } from './kernels/contract.js';
import type { TrainableNetwork } from './trainable.js';

const load = () => import('./train/train.js');
const parts = { available, load };
export const createEngine: Factory['createEngine'] = (options) => makeEngine(parts, options);
export const createEngineAsync: Factory['createEngineAsync'] = (options) => makeEngineAsync(parts, options);
export const Network = /* @__PURE__ */ networkClass(session, 'f64', load);
export const network: Engine<'f64'>['network'] = (options) => new Network(options);
export const engine: Engine<'f64'> = /* @__PURE__ */ Object.assign(basics, { network, Network });

/** A network of this entry's engine. */
export type Network<D extends Dtype = Dtype> = TrainableNetwork<D>;
