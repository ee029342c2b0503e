// What a program is to do stands in its own address, and so does who is to be told what came of it.

import { said } from './watch.js';

/** @param {(options: any) => Promise<object>} run */
export async function report(run) {
  const given = new URLSearchParams(location.search);
  const start = performance.now();
  const result = await run(JSON.parse(given.get('options') ?? '{}')).catch(({ name, message }) => ({
    error: `${name}: ${message}`,
  }));
  const seconds = (performance.now() - start) / 1000;
  await fetch(String(given.get('report')), { method: 'POST', body: JSON.stringify({ ...result, said, seconds }) });
}
