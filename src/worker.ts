// The worker's side: trainings one after the other, each with a network and rows of its own, the same trainer, the same bits.

import { selectBackend } from './backend/select.js';
import { createTsBackend } from './backend/ts/index.js';
import { EMBEDDED } from './backend/wasm/bytes/core.js';
import { wasm } from './backend/wasm/index.js';
import { BackendUnavailableError, WorkerError } from './checks/errors.js';
import { type Mailbox, parentMailbox } from './host/mailbox.js';
import { afterOthers, blocks, nowMs } from './host/runtime.js';
import { startAgain } from './host/threads.js';
import { FELL_BACK } from './kernels/pack.js';
import { WORTH_THREADS } from './kernels/team.js';
import { addMore } from './layers/add-more.js';
import { Session, type Threads } from './matrix/marshal.js';
import { type Blank, blankNetwork, PARTS } from './network/calls.js';
import { elementsOfNetwork, Network } from './network/network.js';
import type { NetworkOptions } from './network/plan.js';
import { Crew } from './parallel/crew.js';
import { type Join, join } from './parallel/join.js';
import { ThreadTeam } from './parallel/team.js';
import { packError } from './train/background/failures.js';
import { buffersOf, type FromWorker, type StartMessage, type ToWorker } from './train/background/messages.js';
import { saverOf } from './train/checkpoint.js';
import { type Dataset, placed, type ReadSet, Resident } from './train/dataset.js';
import { type Connections, drive } from './train/loop/drive.js';
import { threadsIn } from './train/loop/history.js';
import { Trainer } from './train/loop/trainer.js';
import { Abort, Turns } from './train/loop/turns.js';

/**
 * Epochs that nobody is told of are handed over so seldom: a message for each of 200,000 epochs of a tiny network took four
 * times as long as the training (measured).
 */
const UNHEARD_MS = 8;

type NetworkClass = new (options: NetworkOptions, blank: Blank) => Network;

/** Kept from training to training: to make one's memory takes longer than to use it. */
const classes = new Map<string, { Kind: NetworkClass; team: OwnThreads }>();

/** The threads of a training, which are started when it has worked for a while. */
class OwnThreads implements Threads {
  readonly count: number;
  readonly reason = '';
  /** How many the training underway may have, which changes as others come and go. */
  #may: Int32Array | undefined;
  readonly #most = () => Math.min(this.count, this.#may ? Atomics.load(this.#may, 0) : this.count);
  #team: ThreadTeam | undefined;
  /** How many it has. */
  #started = 0;
  #none = false;

  constructor(count: number) {
    this.count = count;
  }

  get size(): number {
    return this.#team?.size ?? 1;
  }

  /** Before a training. */
  begin(may: Int32Array | undefined): void {
    this.#may = may;
    if (this.#most() <= this.#started) return;
    this.dispose();
    this.#team = undefined;
  }

  share(session: Session, worked: number): ThreadTeam | undefined {
    if (this.#team || this.#none || worked < WORTH_THREADS || !session.memory.shared) return this.#team;
    // As many as it may have by now: of those that are too many later some wait.
    const count = this.#most();
    if (count < 2) return undefined;
    try {
      const means = { start: startAgain, Failure: WorkerError, most: this.#most };
      this.#team = new ThreadTeam(session, new Crew(session, count, means));
      this.#started = count;
    } catch {
      // Too little memory for others.
      this.#none = true;
    }
    return this.#team;
  }

  dispose(): void {
    this.#team?.dispose();
  }
}

/** Not an engine's networks, which can train: they would bring all that starts workers in here. */
function classOf(backend: 'wasm' | 'ts', { threads, share }: StartMessage): NetworkClass {
  const known = classes.get(`${backend} ${threads}`);
  known?.team.begin(share);
  if (known) return known.Kind;
  const available = { ts: createTsBackend, wasm: { ...wasm, embedded: EMBEDDED } };
  const team = new OwnThreads(blocks() ? 1 : threads);
  team.begin(share);
  const session = new Session(
    selectBackend(available, { backend, modules: {}, shared: team.count > 1 }),
    undefined,
    team,
  );
  class WorkerNetwork extends Network {
    constructor(options: NetworkOptions, blank: Blank) {
      super(session, options, 'f64', blank);
    }
  }
  classes.set(`${backend} ${threads}`, { Kind: WorkerNetwork, team });
  return WorkerNetwork;
}

function connect(mailbox: Mailbox, net: Network, start: StartMessage, turns: Turns, abort: Abort): Connections {
  const { session, plan: network } = net[PARTS];
  const post = (message: FromWorker, transfer?: ArrayBuffer[]) => mailbox.post(message, transfer);
  const answered = async () => {
    const answer = await mailbox.next<ToWorker>();
    return answer.type === 'answer' && answer.go;
  };
  const { checkpoint, plan, train } = start;
  async function* blocks(epoch: number): AsyncGenerator<Dataset, void> {
    while (true) {
      post({ type: 'more', epoch });
      const message = await mailbox.next<ToWorker>();
      if (message.type !== 'block' || !message.rows) return;
      const room = new Resident(session, network.dtype);
      try {
        yield await turns.run(placed(room, network, message.rows));
      } finally {
        room.dispose();
      }
    }
  }
  let posted = Number.NEGATIVE_INFINITY;
  return {
    async onEpoch(report) {
      if (!start.epochs) {
        if (nowMs() - posted < UNHEARD_MS) return true;
        posted = nowMs();
      }
      const parameters = elementsOfNetwork(net).slice();
      post({ type: 'epoch', report, parameters }, buffersOf(parameters));
      return start.epochs ? answered() : true;
    },
    onBatch: start.batches
      ? (report) => {
          post({ type: 'batch', report });
          return answered();
        }
      : undefined,
    abort,
    checkpoint: checkpoint && {
      everyEpochs: checkpoint.everyEpochs,
      save: saverOf(checkpoint, net.options, plan, train?.rows),
    },
    blocks: train ? undefined : blocks,
  };
}

/** @param fallen why it runs in TypeScript, if WebAssembly was meant */
async function runStarted(mailbox: Mailbox, start: StartMessage, fallen?: string): Promise<void> {
  let net: Network | undefined;
  let trainer: Trainer | undefined;
  let room: Resident | undefined;
  try {
    net = blankNetwork<Network>(classOf(fallen === undefined ? start.backend : 'ts', start), start.network);
    net.parameters = start.parameters;
    const { session, plan } = net[PARTS];
    const own = new Resident(session, plan.dtype);
    room = own;
    const { carry, state, flag } = start;
    const abort = new Abort(undefined, flag && (() => Atomics.load(flag, 0) === 1));
    const turns = new Turns(abort);
    const inMemory = async (rows: ReadSet | undefined) => rows && turns.run(placed(own, plan, rows));
    const set = await inMemory(start.train);
    trainer = new Trainer(net, start.parameters, start.plan, await inMemory(start.validation), true);
    await drive(trainer, { set, carry, state }, connect(mailbox, net, start, turns, abort), turns);
    const done: FromWorker = {
      type: 'done',
      state: await turns.run(trainer.read()),
      ran: { backend: session.backend.name, ...threadsIn(session), ...(fallen && { reason: fallen }) },
      memory: session.heap.touchedBytes,
    };
    mailbox.post(done, buffersOf(done));
  } catch (error) {
    // Before anything was computed: where this worker cannot have WebAssembly, the bits are the same in TypeScript.
    if (error instanceof BackendUnavailableError && fallen === undefined) {
      return runStarted(mailbox, start, FELL_BACK + error.message);
    }
    const parameters = net && elementsOfNetwork(net).slice();
    mailbox.post({ type: 'failed', failure: packError(error), parameters } satisfies FromWorker);
  } finally {
    trainer?.dispose();
    room?.dispose();
    net?.dispose();
  }
}

async function serve(): Promise<void> {
  addMore();
  const mailbox = await parentMailbox();
  mailbox.post({ type: 'ready' } satisfies FromWorker);
  while (true) {
    const message = await mailbox.next<ToWorker | Join>();
    if (message.type === 'start') await runStarted(mailbox, message.start);
    if (message.type === 'join') return join(mailbox, message);
  }
}

// Without an await of the module itself, which bundlers that make a plain script of it refuse. What a promise rejects with
// nobody outside is told of: it is thrown.
serve().catch((error) =>
  afterOthers(() => {
    throw error;
  }),
);
