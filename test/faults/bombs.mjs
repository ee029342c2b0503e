// @ts-check
// Headers that ask for more than they are, read under a small heap: node --max-old-space-size=512 --expose-gc bombs.mjs FOLDER. Prints a
// line of JSON for each: its name, milliseconds of the processor, bytes by which the peak of memory grew since the start, and
// the error.

import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, load } from 'bitgrad/model';

const HEADER = 100_000_000;
/** What the scan itself has to stop: as much as is read at all. */
const READ = (1 << 24) - 64;
const CHUNK = 1 << 20;

const path = join(process.argv[2], 'bomb');

/**
 * A file of this header and no numbers, never whole in memory.
 *
 * @param {number} size @param {string} before @param {(i: number) => string} part of one length, whatever i @param {string} after
 */
function write(size, before, part, after) {
  const file = openSync(path, 'w');
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(size));
  writeSync(file, prefix);
  writeSync(file, before);
  const width = part(0).length;
  const count = Math.floor((size - before.length - after.length) / width);
  const each = Math.floor(CHUNK / width);
  const chunk = Buffer.alloc(each * width, part(0));
  for (let i = 0; i < count; i += each) {
    const n = Math.min(each, count - i);
    if (part(1) !== part(0)) for (let j = 0; j < n; j++) chunk.write(part(i + j), j * width, 'latin1');
    writeSync(file, chunk, 0, n * width);
  }
  writeSync(file, after + ' '.repeat(size - before.length - after.length - count * width));
  closeSync(file);
}

const same = (/** @type {string} */ text) => () => text;
const name = (/** @type {number} */ i) => String(i).padStart(8, '0');

/** @type {[string, string, (i: number) => string, string][]} */
const HEADERS = [
  ['deep arrays', '{"t":', same('['), ''],
  ['deep objects', '', same('{"a":'), ''],
  ['millions of arrays', '{"t":[', same('[],'), '1]}'],
  ['millions of entries', '{', (i) => `"${name(i)}":{},`, '"a":{}}'],
  ['millions of texts', '{', (i) => `"${name(i)}":"",`, '"a":""}'],
  ['one name millions of times', '{"__metadata__":{"a":"",', same('"b":"",'), '"b":""}}'],
  ['a huge name', '{"', same('n'), '":1}'],
  ['a huge text', '{"__metadata__":{"a":"', same('n'), '"}}'],
  ['a huge text of escapes', '{"__metadata__":{"a":"', same('\\"'), '"}}'],
  ['a shape of a million sizes', '{"t":{"dtype":"F32","shape":[1', same(',1'), '],"data_offsets":[0,4]}}'],
  ['a huge number', '{"t":1', same('1'), '}'],
  ['white space', '{', same(' '), '}'],
  ['quotation marks', '{', same('"'), ''],
  ['commas', '{"t":[', same(','), ']}'],
  ['colons', '{"t":', same(':'), '}'],
];

const MODEL = '{"__metadata__":{"format":"bitgrad","version":"1","contractVersion":"1","model":"';
/** The metadata's texts are JSON themselves. @type {typeof HEADERS} */
const TEXTS = [
  ['deep', '', same('['), ''],
  ['millions of objects', '[', same('{},'), '1]'],
  ['millions of numbers', '[', same('1,'), '1]'],
  ['millions of members', '{', (i) => `\\"${name(i)}\\":1,`, '\\"a\\":1}'],
  ['a huge name', '{\\"', same('n'), '\\":1}'],
  ['one tensor many times', '[', same('{\\"numbers\\":\\"0.weight\\"},'), '1]'],
];

let base = 0;

/** @param {string} what */
async function measure(what) {
  globalThis.gc?.(); // what the bombs before left is not this one's
  const before = process.cpuUsage();
  let error = 'none';
  let message = '';
  try {
    await load(path, { contract: 'any' });
  } catch (caught) {
    ({ name: error, message } = /** @type {Error} */ (caught));
  }
  const { user, system } = process.cpuUsage(before);
  const ms = Math.round((user + system) / 1000);
  const grown = process.resourceUsage().maxRSS * 1024 - base;
  console.log(JSON.stringify({ name: what, ms, grown, error, message }));
}

// The compiler and the first megabytes of everything are not a bomb's doing.
for (let i = 0; i < 50; i++) decodeSafetensors(encodeSafetensors(new Map(), { text: String(i).repeat(5000) }));
write(CHUNK, '{"__metadata__":{', (i) => `"${name(i)}":"\\"",`, '"a":""}}');
await load(path).catch(() => {});
base = process.resourceUsage().maxRSS * 1024;

write(64, '{', same(' '), '}');
const file = openSync(path, 'r+');
writeSync(file, Buffer.from(new BigUint64Array([BigInt(HEADER)]).buffer), 0, 8, 0);
ftruncateSync(file, 8 + HEADER);
closeSync(file);
await measure('100 MB');
for (const [what, ...parts] of HEADERS) {
  write(READ, ...parts);
  await measure(what);
}
for (const [what, before, part, after] of TEXTS) {
  write(READ, MODEL + before, part, `${after}"}}`);
  await measure(`text: ${what}`);
}
rmSync(path);
