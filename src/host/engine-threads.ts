// How an engine starts threads of the worker's program: at once where that can be, for its call waits for nothing.

import { beside, builtin, isNode, nodeModule } from './runtime.js';
import { type AnyWorker, ofText, type Start, threadBy } from './threads.js';

declare const Worker: Start;

interface Text {
  readonly source: string;
}

function atOnce(): AnyWorker | undefined {
  const threads = isNode() ? builtin<{ Worker: Start }>('worker_threads') : undefined;
  const text = threads && (beside('./worker-text.cjs') as Text | undefined);
  return text && threads && ofText(threads.Worker, text.source, false);
}

async function later(): Promise<AnyWorker> {
  if (isNode()) {
    const threads = await nodeModule<{ Worker: Start }>('worker_threads');
    return ofText(threads.Worker, (await import('./worker-text.cjs')).source, false);
  }
  // In a worker of a page's own. With a name that bundlers cannot see, or they would make one more worker for every page: where
  // they have moved this file, an engine works alone.
  const name = ['worker', 'js'].join('.');
  return new Worker(new URL(/* webpackIgnore: true */ name, import.meta.url).href, { type: 'module' });
}

/** A thread that shares an engine's work. */
export const startThread = threadBy(() => atOnce() ?? later());
