// An exported module, as a host without anything runs it: a realm that has the language alone.

import { createContext, runInContext } from 'node:vm';

export interface Module {
  columns: string[];
  classes?: unknown[];
  predict(rows: readonly unknown[]): unknown[];
  predictProba(rows: readonly unknown[]): number[][];
}

/** What it exports. Arrays of another realm are no arrays to expect: they come as their copies. */
export function load(text: string): Module {
  const names = [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  const script = `'use strict';(()=>{${text.replace(/^export /gm, '')}\nreturn {${names.join()}}})()`;
  const module = runInContext(script, createContext(Object.create(null)));
  const copied = (value: unknown): unknown => (Array.isArray(value) ? Array.from(value, copied) : value);
  const called =
    (name: string) =>
    (rows: unknown): unknown =>
      copied(module[name](rows));
  return Object.fromEntries(
    names.map((name) => [name, typeof module[name] === 'function' ? called(name) : copied(module[name])]),
  ) as unknown as Module;
}
