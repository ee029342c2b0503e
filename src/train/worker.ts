// The worker's side of a training: a network and rows of its own, the same trainer, the same bits.

import { createEngine } from '../index.js';
import { type Network, PARTS } from '../network/network.js';
import { saverOf } from './checkpoint.js';
import { Dataset } from './dataset.js';
import { type Connections, drive, ready } from './drive.js';
import { type Mailbox, parentMailbox } from './host.js';
import { buffersOf, type FromWorker, type SetSize, type StartMessage, type ToWorker } from './messages.js';
import { Trainer } from './trainer.js';

async function receive(mailbox: Mailbox, net: Network, size: SetSize): Promise<Dataset> {
  const { session, plan } = net[PARTS];
  const set = new Dataset(session, plan, size.rows, size.weighted);
  for (let rows = 0; rows < size.rows; ) {
    const message = await mailbox.next<ToWorker>();
    if (message.type !== 'rows') throw new Error(`rows were to come, got ${message.type}`);
    const { from, count, X, y, w } = message.rows;
    set.write(from, X.subarray(0, count * plan.inputs), y.subarray(0, count * plan.outputs), w?.subarray(0, count));
    mailbox.post({ type: 'taken', rows: message.rows } satisfies FromWorker, buffersOf(message.rows));
    rows += count;
  }
  return set;
}

function connect(mailbox: Mailbox, net: Network, start: StartMessage): Connections {
  const post = (message: FromWorker) => mailbox.post(message);
  const answered = async () => {
    const answer = await mailbox.next<ToWorker>();
    return answer.type === 'answer' && answer.go;
  };
  const { flag, checkpoint, plan, train } = start;
  return {
    async onEpoch(report) {
      post({ type: 'epoch', report, parameters: net.parameters.slice() });
      return start.epochs ? answered() : true;
    },
    onBatch: start.batches
      ? (report) => {
          post({ type: 'batch', report });
          return answered();
        }
      : undefined,
    aborted: flag && (() => Atomics.load(flag, 0) === 1),
    checkpoint: checkpoint && {
      everyEpochs: checkpoint.everyEpochs,
      save: saverOf(checkpoint, net.options, plan, train?.rows),
    },
    blocks: train
      ? undefined
      : async function* (epoch) {
          while (true) {
            post({ type: 'more', epoch });
            const message = await mailbox.next<ToWorker>();
            if (message.type !== 'block') throw new Error(`a block was to come, got ${message.type}`);
            if (!message.size) return;
            yield await receive(mailbox, net, message.size);
          }
        },
  };
}

async function run(mailbox: Mailbox): Promise<void> {
  let net: Network | undefined;
  try {
    mailbox.post({ type: 'ready' } satisfies FromWorker);
    const message = await mailbox.next<ToWorker>();
    if (message.type !== 'start') throw new Error(`a start was to come, got ${message.type}`);
    const { start } = message;
    const engine = createEngine({ backend: start.backend });
    net = engine.network(start.network);
    net.parameters = start.parameters;
    const set = start.train && (await receive(mailbox, net, start.train));
    const validation = start.validation && (await receive(mailbox, net, start.validation));
    const trainer = new Trainer(net, start.plan, validation);
    ready(trainer, set, start.carry, start.state);
    await drive(trainer, connect(mailbox, net, start));
    mailbox.post({ type: 'done', state: trainer.state, parameters: net.parameters.slice() } satisfies FromWorker);
  } catch (error) {
    const { name, message, stack } = error as Error;
    mailbox.post({ type: 'failed', name, message, stack, parameters: net?.parameters.slice() } satisfies FromWorker);
  }
}

run(await parentMailbox());
