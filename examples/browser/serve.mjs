// @ts-check
// Serves the page beside it, and the package as it is built, to a browser on this machine. The two headers let pages have threads, too.
//
//   node examples/browser/serve.mjs [PORT]     then open the address that it prints

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const page = new URL('index.html', import.meta.url);
const dist = new URL('../../dist/', import.meta.url);
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const server = createServer(({ url = '/' }, response) => {
  const [path] = url.split('?');
  const file = path === '/' ? page : new URL(`../..${path}`, import.meta.url);
  const type = TYPES[extname(file.pathname)];
  // What lies elsewhere is nobody's business: a path may lead upwards.
  const isServed = file === page || file.href.startsWith(dist.href);
  if (!type || !isServed || !existsSync(file)) return response.writeHead(404).end();
  return createReadStream(file).pipe(response.writeHead(200, { 'content-type': type, ...ISOLATED }));
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}`);
});
