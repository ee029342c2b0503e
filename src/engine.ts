// createEngine: everything over one backend. The three entries are its results.

import type { Backend, PackInfo } from './backend/backend.js';
import { type Available, type Request, readModules, selectBackend, selectBackendAsync } from './backend/select.js';
import { readOptions } from './checks/read-options.js';
import { checkInteger } from './checks/values.js';
import type { Functions } from './functions/api.js';
import { createFunctions } from './functions/functions.js';
import { CONTRACT_VERSION, type Dtype } from './kernels/contract.js';
import type { KernelModule, Modules, PackName } from './kernels/pack.js';
import { Session } from './matrix/marshal.js';
import type { DtypeOption } from './matrix/matrix.js';
import { checkDtype, copyRows, type DtypeOf, type MatrixInput, PLACE, readMatrix } from './matrix/operand.js';
import { ResidentMatrix } from './matrix/resident.js';
import { MAX_BYTES } from './memory/heap.js';
import { BLANK, type Blank } from './network/calls.js';
import { fromJSON, type NetworkJSON } from './network/json.js';
import type { NetworkOptions } from './network/plan.js';
import { Threads } from './threads.js';
import { type LoadTrainer, TrainableNetwork } from './trainable.js';
import { version } from './version.js';

/** Options of {@link createEngine}. */
export interface EngineOptions<D extends Dtype = Dtype> {
  /** `'auto'` (default) takes WebAssembly where it works, else TypeScript; the others insist. */
  backend?: 'auto' | 'wasm' | 'ts';
  /**
   * Modules to instantiate instead of the embedded ones, for hosts that compile them themselves: of the core alone, a compiled
   * `bitgrad/kernels.wasm` or its bytes, or `{ core, layers, training }`, where the others are `bitgrad/layers.wasm` and
   * `bitgrad/training.wasm`. A pack whose module was handed in does not fall back to TypeScript.
   */
  module?: KernelModule | Modules;
  /** What plain numbers become where no operand says otherwise. Default `'f64'`. */
  dtype?: D;
  /**
   * How large linear memory may become, in bytes (in whole pages of 64 KiB), to just under 4 GiB. All of it is reserved when a view of it is first
   * handed out, because growing would detach that; the host takes real memory for what is used alone. Default: what there
   * can be until then, and 1 GiB, or twice what is in use if that is more, from then on.
   */
  memoryBytes?: number;
  /**
   * How many threads work, this one among them: the bits are the same with any number. `'auto'` (default) are as many as the
   * machine has, from when on there is enough to do for them; `BITGRAD_THREADS` changes that default.
   */
  threads?: 'auto' | number;
}

/** What an engine says of itself. */
export interface EngineInfo {
  /** Of the package. */
  version: string;
  /** Of the numeric contract: equal versions give equal bits. */
  contractVersion: number;
  /** Which kernels run. */
  backend: 'wasm' | 'ts';
  /** Why those. */
  backendReason: string;
  /** Whether 128-bit SIMD kernels run. */
  simd: boolean;
  /** Bytes of linear memory that were used so far, in whole pages of 64 KiB. */
  memoryBytes: number;
  /** How many there may be. */
  memoryLimitBytes: number;
  /** SHA-256 of the embedded kernels; undefined without WebAssembly, or with a module that was handed in. */
  wasmHash: string | undefined;
  /** The compiler that made them. */
  compiler: string | undefined;
  /**
   * Where each pack of kernels runs, and why there. If the backend was chosen automatically, a pack whose module cannot be
   * compiled runs in TypeScript, with the same bits, and `reason` says so.
   */
  packs: Record<PackName, PackInfo>;
  /** How many threads work now. */
  threads: number;
  /** Why so many. */
  threadsReason: string;
}

/** The class of an engine's networks. */
export interface NetworkClass<Own extends Dtype = Dtype> {
  new <D extends Dtype = Own>(options: NetworkOptions<D>): TrainableNetwork<D>;
  /** The network that toJSON wrote, as that object or its text. @throws {ValueError} naming what is wrong with it */
  fromJSON(json: NetworkJSON | string): TrainableNetwork;
  /** What its networks inherit from. */
  readonly prototype: TrainableNetwork;
}

export interface Engine<Own extends Dtype = Dtype> extends Functions {
  /** Which kernels run. */
  readonly backend: 'wasm' | 'ts';
  /** Why this backend: asked for, chosen, or fallen back to. */
  readonly backendReason: string;
  /** What plain numbers become where no operand says otherwise. */
  readonly dtype: Own;
  /** A matrix of zeros in this engine's linear memory: its calls use it without copying. */
  zeros<D extends Dtype = Own>(rows: number, cols: number, options?: DtypeOption<D>): ResidentMatrix<D>;
  /** A copy of `source` in this engine's linear memory. */
  matrix<M extends MatrixInput, D extends Dtype = DtypeOf<M, Own>>(
    source: M,
    options?: DtypeOption<D>,
  ): ResidentMatrix<D>;
  /**
   * A dense network in this engine's linear memory.
   *
   * @throws {ValueError|ShapeError|DtypeError} naming the option; {OutOfMemoryError} with the bytes it needs
   */
  network<D extends Dtype = Own>(options: NetworkOptions<D>): TrainableNetwork<D>;
  /** The class of those: `new engine.Network(options)` is `engine.network(options)`. */
  readonly Network: NetworkClass<Own>;
  /** What it runs on, and why. */
  info(): EngineInfo;
  /** Ends its threads: what it is called for from now on this one does alone. Harmless when repeated. */
  dispose(): void;
}

/** What makes further engines. */
export interface Factory {
  /**
   * An engine with memory of its own.
   *
   * @throws {BackendUnavailableError} if the backend asked for does not work here; {ValueError} for an unknown option
   * @example
   * const engine = createEngine({ backend: 'ts' });
   * engine.backend; // 'ts'
   */
  createEngine<D extends Dtype = 'f64'>(options?: EngineOptions<D>): Engine<D>;
  /** The same without blocking while WebAssembly compiles; on hosts that compile nothing large at once, as older Chrome, it alone has it. */
  createEngineAsync<D extends Dtype = 'f64'>(options?: EngineOptions<D>): Promise<Engine<D>>;
}

interface Checked<D extends Dtype = Dtype> {
  readonly request: Request;
  readonly threads: Threads;
  readonly dtype: D;
  readonly memoryBytes: number | undefined;
}

function readEngineOptions<D extends Dtype>(options: EngineOptions<D>): Checked<D> {
  const given = readOptions(options, ['backend', 'module', 'dtype', 'memoryBytes', 'threads'], 'createEngine');
  const { backend, module, dtype = 'f64' as D, memoryBytes } = given;
  const threads = new Threads(given.threads);
  if (memoryBytes !== undefined) checkInteger(memoryBytes, 'memoryBytes', 1, MAX_BYTES);
  const modules = readModules(module);
  // A module that was compiled elsewhere says that memory is not shared.
  if (!Object.values(modules).every(ArrayBuffer.isView)) threads.end('a compiled module was handed in');
  const request = { backend, modules, shared: threads.shared };
  return { request, threads, dtype: checkDtype(dtype) as D, memoryBytes };
}

/** What an entry makes engines of. */
export interface Parts {
  readonly available: Available;
  readonly load: LoadTrainer;
}

export function makeEngine<D extends Dtype>({ available, load }: Parts, options: EngineOptions<D> = {}): Engine<D> {
  const checked = readEngineOptions(options);
  return createEngineOf(selectBackend(available, checked.request), load, checked);
}

export async function makeEngineAsync<D extends Dtype>(
  { available, load }: Parts,
  options: EngineOptions<D> = {},
): Promise<Engine<D>> {
  const checked = readEngineOptions(options);
  return createEngineOf(await selectBackendAsync(available, checked.request), load, checked);
}

function createEngineOf<D extends Dtype>(
  backend: Backend,
  load: LoadTrainer,
  { dtype, memoryBytes, threads }: Checked<D>,
): Engine<D> {
  const session = new Session(backend, memoryBytes, threads);
  const getSession = () => session;
  const Network = networkClass(getSession, dtype, load);
  return Object.assign(createBasics(getSession, dtype), {
    Network,
    network: <N extends Dtype = D>(options: NetworkOptions<N>) => new Network<N>(options),
  });
}

/** The session of an entry's own engine, which is made on first use. */
export function ownSession(available: Available): () => Session {
  let session: Session | undefined;
  return () => {
    session ??= sessionOf(available, new Threads(undefined));
    return session;
  };
}

function sessionOf(available: Available, threads: Threads): Session {
  const request = { backend: undefined, modules: {}, shared: threads.shared };
  return new Session(selectBackend(available, request), undefined, threads);
}

/** The class of a session's networks. */
export function networkClass<Own extends Dtype>(
  getSession: () => Session,
  dtype: Own,
  load: LoadTrainer,
): NetworkClass<Own> {
  class EngineNetwork<D extends Dtype = Own> extends TrainableNetwork<D> {
    constructor(options: NetworkOptions<D>, blank?: Blank) {
      super(load, getSession(), options, dtype, blank);
    }

    static fromJSON(json: NetworkJSON | string): TrainableNetwork {
      return new EngineNetwork<Dtype>(fromJSON(json), BLANK);
    }
  }
  return EngineNetwork;
}

/** An engine without networks, for programs that have none. */
export function createBasics<Own extends Dtype>(
  getSession: () => Session,
  dtype: Own,
): Omit<Engine<Own>, 'network' | 'Network'> {
  return {
    ...createFunctions(getSession, dtype),
    dtype,
    get backend() {
      return getSession().backend.name;
    },
    get backendReason() {
      return getSession().backend.packs.core.reason;
    },
    zeros(rows, cols, options = {}) {
      const given = readOptions(options, ['dtype'], 'zeros');
      return new ResidentMatrix(getSession(), rows, cols, checkDtype(given.dtype ?? dtype)) as ResidentMatrix<never>;
    },
    matrix(source, options = {}) {
      const given = readOptions(options, ['dtype'], 'matrix');
      const operand = readMatrix(source, 'source');
      const session = getSession();
      const { rows, cols } = operand;
      const from = session.addressOf(operand); // before the allocation, which may move memory
      const matrix = new ResidentMatrix(session, rows, cols, checkDtype(given.dtype ?? operand.dtype ?? dtype));
      const elements = matrix[PLACE].elements();
      if (from >= 0) elements.set(session.elementsAt(from, operand.dtype as Dtype, rows * cols));
      else copyRows(operand, elements, 0, 0, rows);
      return matrix as ResidentMatrix<never>;
    },
    info() {
      const { backend, heap, threads } = getSession();
      const { name, packs, embedded } = backend;
      return {
        version,
        contractVersion: CONTRACT_VERSION,
        backend: name,
        backendReason: packs.core.reason,
        simd: name === 'wasm',
        memoryBytes: heap.touchedBytes,
        memoryLimitBytes: heap.limitBytes,
        wasmHash: embedded?.hash,
        compiler: embedded?.compiler,
        packs: { ...packs },
        threads: threads?.size ?? 1,
        threadsReason: threads?.reason ?? '',
      };
    },
    dispose: () => getSession().threads?.dispose(),
  };
}
