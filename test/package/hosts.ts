// What README's table of hosts is made of.

import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import type { Golden } from '../golden.mjs';

const BUILD = new URL('../../build/', import.meta.url);

/** Every hash of test/golden.json. */
export const GOLDEN: Golden = JSON.parse(readFileSync(new URL('../golden.json', import.meta.url), 'utf8'));

/** Notes how many hashes are equal on a host, whose version stands in no line: it is others' to choose. @param wrong names of the others */
export function note(host: string, backend: string, wrong: Iterable<string>): void {
  const hashes = Object.keys(GOLDEN).length;
  const equal = hashes - new Set(wrong).size;
  mkdirSync(BUILD, { recursive: true });
  appendFileSync(new URL('hosts.jsonl', BUILD), `${JSON.stringify({ host, backend, hashes, equal })}\n`);
}
