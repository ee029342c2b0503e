import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/command.js';
import { errorJSON, messageOf, stackOf } from '../../src/cli/errors.js';
import { checkWritable, writeWhole } from '../../src/cli/files.js';
import { ValueError } from '../../src/index.js';
import { DataError } from '../../src/tables/index.js';

const system = (code: string, path?: string) => Object.assign(new Error(`${code}: said the system`), { code, path });

describe('messages', () => {
  test.each([
    [new ValueError('"x" must be 1'), '"x" must be 1'],
    [new UsageError('--x must be 1'), '--x must be 1'],
    [new DataError('found "x"', { file: 'a.csv', line: 3, column: 'b' }), 'a.csv:3:column b: found "x"'],
    [system('ENOENT', '/a/b'), '/a/b: there is no such file or folder'],
    [system('EACCES', 'a\u001b[2J'), 'a\\u001b[2J: permission denied'],
    [system('ENOENT', ''), '"": there is no such file or folder'],
    [system('ENOSPC'), 'no space left on the disk (ENOSPC: said the system)'],
    [system('EOTHER'), 'EOTHER: said the system'],
    [new ValueError('two\nlines'), 'two lines'],
    [
      new TypeError('x is undefined'),
      'x is undefined (TypeError: a fault of bitgrad itself, which BITGRAD_DEBUG=1 shows more of)',
    ],
    [{ a: [1, 2] }, 'failed with { a: [ 1, 2 ] }'],
  ])('%o', (error, message) => {
    expect(messageOf(error)).toBe(message);
  });

  test('as JSON, with the place if there is one', () => {
    const error = new DataError('found "x"', { file: 'a.csv', line: 3 });
    expect(errorJSON(error)).toEqual({
      error: { name: 'DataError', message: 'a.csv:3: found "x"', place: { file: 'a.csv', line: 3 } },
    });
    expect(errorJSON(undefined)).toEqual({ error: { name: 'Error', message: 'failed with undefined' } });
  });

  test('the stack has causes', () => {
    expect(stackOf(new ValueError('outer', { cause: new Error('inner') }))).toMatch(/outer.*errors\.test.*inner/s);
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bitgrad-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are written whole, in place of others, whose permissions stay', async () => {
    const path = join(folder, 'a.json');
    await writeWhole(path, 'first');
    chmodSync(path, 0o600);
    await writeWhole(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  test('a symbolic link stays', async () => {
    const [link, path] = [join(folder, 'link'), join(folder, 'there')];
    writeFileSync(path, 'old');
    symlinkSync(path, link);
    await writeWhole(link, 'new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  test('a device is written to, not replaced', async () => {
    await writeWhole('/dev/null', 'text');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))('errors name the file as it was called', async () => {
    await expect(writeWhole('/dev/full', 'text')).rejects.toMatchObject({ code: 'ENOSPC', path: '/dev/full' });
    const path = join(folder, 'none/a.json');
    await expect(writeWhole(path, 'text')).rejects.toMatchObject({ code: 'ENOENT', path });
  });

  test('whether one can be written is known before', async () => {
    mkdirSync(join(folder, 'inner'));
    await checkWritable(join(folder, 'inner/new'));
    await checkWritable('/dev/null');
    await expect(checkWritable(join(folder, 'inner'))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(checkWritable(join(folder, 'none/new'))).rejects.toMatchObject({
      code: 'ENOENT',
      path: join(folder, 'none'),
    });
  });
});
