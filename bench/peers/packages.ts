// Where the compared libraries are.

import { readFileSync } from 'node:fs';

/** Of a package in bench/peers/node_modules. */
export function packageVersion(name: string): string {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}
