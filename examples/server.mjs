// @ts-check
// An HTTP server that learns from every request: POST /learn { "x": [...], "y": 1.5 }, POST /predict { "x": [...] }.
//
//   node examples/server.mjs 8080     serves
//   node examples/server.mjs          serves, asks itself 5,000 times, and says how fast that was

import { createServer } from 'node:http';
import { connect } from 'node:net';
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

const server = createServer((message, response) => {
  let text = '';
  message.setEncoding('utf8');
  message.on('data', (part) => {
    text += part;
  });
  message.on('end', async () => {
    const route = message.method === 'POST' ? routes[message.url ?? ''] : undefined;
    try {
      if (!route) throw new Error('POST /learn or /predict');
      response.end(JSON.stringify(await route(JSON.parse(text))));
    } catch (error) {
      response.statusCode = 400;
      response.end(JSON.stringify({ error: /** @type {Error} */ (error).message }));
    }
  });
});

const [port] = process.argv.slice(2).map(Number);
server.listen(port || 0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}`);
  if (!process.argv[2]) demonstrate(port);
});

/**
 * A client of one connection, one request at a time: a bare socket, so that the server's time is what is measured.
 *
 * @param {number} port
 */
function clientOf(port) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8').setNoDelay(true);
  let text = '';
  /** @type {(answer: any) => void} */
  let answered = () => {};
  socket.on('data', (part) => {
    text += part;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    if (!(body.length >= length)) return;
    text = '';
    answered(JSON.parse(body));
  });
  return {
    /** @param {string} path @param {object} body @returns {Promise<any>} */
    ask(path, body) {
      const json = JSON.stringify(body);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${json.length}\r\n\r\n${json}`);
      return new Promise((resolve) => {
        answered = resolve;
      });
    },
    end: () => socket.end(),
  };
}

/** @param {number} port */
async function demonstrate(port) {
  const [REQUESTS, CONNECTIONS] = [5000, 8];
  const clients = Array.from({ length: CONNECTIONS }, () => clientOf(port));
  const rng = random(1);
  const draw = () => {
    const x = Array.from(rng.randn(FEATURES));
    return { x, y: x[0] - 2 * x[1] + 0.5 };
  };
  const error = async () => {
    let sum = 0;
    for (let i = 0; i < 100; i++) {
      const { x, y } = draw();
      sum += ((await clients[0].ask('/predict', { x })).y - y) ** 2;
    }
    return Math.sqrt(sum / 100);
  };
  const learn = (/** @type {number} */ n) =>
    Promise.all(
      clients.map(async (client) => {
        for (let i = 0; i < n / CONNECTIONS; i++) await client.ask('/learn', draw());
      }),
    );
  await learn(CONNECTIONS);
  const before = await error();
  const start = performance.now();
  await learn(REQUESTS);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${Math.round(REQUESTS / seconds)} requests a second, each of which is learnt from`);
  console.log(`root mean square error ${before.toFixed(2)} before, ${(await error()).toFixed(2)} after`);
  for (const client of clients) client.end();
  server.close();
}
