// How long the main thread is not to be had while digits are learned in a worker.

/** So long it trains. */
const TRAINED_MS = 2000;
/** How long it is held on purpose: what does not see that sees nothing. */
const HELD_MS = 80;
/** How often it is asked for. Not all the time, which would take a core from the worker. */
const EVERY_MS = 4;

/** @param {number} ms */
const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The longest time between two timers meanwhile, in ms; and the longest task, where the browser tells of them.
 *
 * @param {() => unknown} run
 */
async function longest(run) {
  let [wait, task] = [0, 0];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) task = Math.max(task, duration);
  });
  const tells = PerformanceObserver.supportedEntryTypes.includes('longtask');
  if (tells) observer.observe({ entryTypes: ['longtask'] });
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    wait = Math.max(wait, now - last);
    last = now;
  }, EVERY_MS);
  // A task of its own, and time to be told of the last one.
  await turn(100);
  await run();
  await turn(100);
  clearInterval(timer);
  observer.disconnect();
  return { wait, ...(tells && { task }) };
}

/** @param {Pick<typeof import('bitgrad'), 'network'>} bitgrad */
export async function smoothness({ network }) {
  const lines = (await (await fetch('digits.csv')).text()).trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  const X = rows.map((row) => row.slice(0, 64));
  const y = rows.map((row) => row[64]);
  const held = await longest(() => {
    const start = performance.now();
    while (performance.now() - start < HELD_MS);
  });
  const layers = /** @type {const} */ ([
    { units: 128, activation: 'relu' },
    { units: 10, activation: 'softmax' },
  ]);
  const net = network({ inputs: 64, layers, loss: 'crossEntropy', seed: 1 });
  let ms = 0;
  /** @type {object | undefined} */
  let ran;
  const fit = await longest(async () => {
    const start = performance.now();
    const onEpoch = () => performance.now() - start < TRAINED_MS;
    ({ ran } = await net.fit(X, y, { epochs: 100_000, batchSize: 32, seed: 1, onEpoch }));
    ms = performance.now() - start;
  });
  return { ran, ms, held, fit };
}
