// The whole of the engine that decides by itself, and how further ones are made.

import { available, basics, session } from './automatic.js';
import { type Engine, type Factory, makeEngine, makeEngineAsync, networkClass } from './engine.js';
import type { Dtype } from './kernels/contract.js';
import type { TrainableNetwork } from './trainable.js';

const load = () => import('./train/train.js');
const parts = { available, load };
/** An engine with memory of its own; see {@link Factory.createEngine}. */
export const createEngine: Factory['createEngine'] = (options) => makeEngine(parts, options);
/** The same where WebAssembly is compiled while others have their turn; see {@link Factory.createEngineAsync}. */
export const createEngineAsync: Factory['createEngineAsync'] = (options) => makeEngineAsync(parts, options);
/** The class of networks: `new Network(options)` is `network(options)`. */
export const Network = /* @__PURE__ */ networkClass(session, 'f64', load);
/** A dense network; see {@link Engine.network}. */
export const network: Engine<'f64'>['network'] = (options) => new Network(options);
/** The engine of this entry's functions, to be handed to what takes one. */
export const engine: Engine<'f64'> = /* @__PURE__ */ Object.assign(basics, { network, Network });

/** A network of this entry's engine. */
export type Network<D extends Dtype = Dtype> = TrainableNetwork<D>;
