// @ts-check
// An HTTP server that learns from every request: POST /learn { "x": [...], "y": 1.5 }, POST /predict { "x": [...] }.
//
//   node examples/server.mjs 8080     serves
//   node examples/server.mjs          serves, asks itself 5,000 times, and says how fast that was

import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { random } from 'bitgrad';
import { MLPRegressor } from 'bitgrad/model';

const FEATURES = 8;
const model = new MLPRegressor({ hiddenLayerSizes: [16], learningRateInit: 0.003, background: false });

/** @type {Record<string, (body: { x: number[], y: number }) => Promise<object>>} */
const routes = {
  '/learn': async ({ x, y }) => {
    // One row, one step: calls queue, each with the rows that it was given.
    await model.partialFit([x], [y]);
    return { loss: model.loss };
  },
  '/predict': async ({ x }) => ({ y: model.predict([x])[0] }),
};

const server = createServer(async (message, response) => {
  try {
    const route = message.method === 'POST' ? routes[message.url ?? ''] : undefined;
    if (!route) throw new Error('POST /learn or /predict');
    response.end(JSON.stringify(await route(JSON.parse(await text(message)))));
  } catch (error) {
    response.writeHead(400).end(JSON.stringify({ error: /** @type {Error} */ (error).message }));
  }
});
await once(server.listen(Number(process.argv[2] ?? 0), '127.0.0.1'), 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
console.log(`http://127.0.0.1:${port}`);

/** Eight clients ask at once, each over a connection that it keeps. */
async function demonstrate() {
  const [REQUESTS, CLIENTS, TRIED] = [5000, 8, 100];
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  /** @param {string} path @param {object} body @returns {Promise<any>} */
  async function ask(path, body) {
    const asked = request({ port, path, method: 'POST', agent }).end(JSON.stringify(body));
    const [answer] = await once(asked, 'response');
    return JSON.parse(await text(answer));
  }

  const rng = random(1);
  const draw = () => {
    const x = Array.from(rng.randn(FEATURES));
    return { x, y: x[0] - 2 * x[1] + 0.5 };
  };
  const learn = async (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) await ask('/learn', draw());
  };
  const error = async () => {
    let sum = 0;
    for (let i = 0; i < TRIED; i++) {
      const { x, y } = draw();
      sum += ((await ask('/predict', { x })).y - y) ** 2;
    }
    return Math.sqrt(sum / TRIED).toFixed(2);
  };

  await learn(1);
  const before = await error();
  const start = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, () => learn(REQUESTS / CLIENTS)));
  const seconds = (performance.now() - start) / 1000;
  console.log(`${Math.round(REQUESTS / seconds)} requests a second, each of which is learnt from`);
  console.log(`root mean square error ${before} before, ${await error()} after`);
  agent.destroy();
  server.close();
}

if (!process.argv[2]) await demonstrate();
