// From words to a command: options and their readers, mistakes, help.

import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/command.js';
import { file, integer, list, number, wordOr } from '../../src/cli/options.js';
import { type Chosen, type Printed, parse } from '../../src/cli/program.js';

const chosen = async (...words: string[]) => (await parse(words)) as Chosen;
const printed = async (...words: string[]) => (await parse(words)) as Printed;

describe('readers of options', () => {
  test.each([
    [number(), '-1.5e3', -1500],
    [number({ min: 0, above: true }), '.5', 0.5],
    [integer({ min: 1 }), '1e4', 10_000],
    [list(integer({ min: 1 })), '64, 32', [64, 32]],
    [list(number()), '', []],
    [wordOr(['auto'], integer({ min: 1 })), 'auto', 'auto'],
    [wordOr(['auto'], integer({ min: 1 })), '3', 3],
    [file, '-', '-'],
  ])('%o reads %j', (read, text, value) => {
    expect(read(text)).toEqual(value);
  });

  test.each([
    [number(), 'x', 'must be a number, got "x"'],
    [number(), '', 'must be a number, got ""'],
    [number(), '0x10', 'must be a number, got "0x10"'],
    [number(), 'Infinity', 'must be a number, got "Infinity"'],
    [number(), '1e999', 'must be a number, got "1e999"'],
    [number({ min: 0, above: true }), '0', 'must be a number above 0, got "0"'],
    [number({ min: 0, max: 1 }), '1.1', 'must be a number from 0 to 1, got "1.1"'],
    [number({ min: 0, max: 1, above: true }), '0', 'must be a number above 0 and at most 1, got "0"'],
    [number({ max: 1 }), '2', 'must be a number of at most 1, got "2"'],
    [integer({ min: 1 }), '1.5', 'must be an integer of 1 or more, got "1.5"'],
    [integer(), '1e300', 'must be an integer, got "1e300"'],
    [
      list(integer({ min: 1 })),
      '4,x',
      'has values between commas, each of which must be an integer of 1 or more, got "x"',
    ],
    [list(integer(), 2), '4', 'must be 2 or more values between commas, got "4"'],
    [wordOr(['auto', 'all'], integer()), 'x', 'must be auto or all, or an integer, got "x"'],
    [file, '', 'must be the path of a file, got an empty text'],
  ])('%o refuses %j', (read, text, message) => {
    expect(() => read(text)).toThrow(new UsageError(message));
  });
});

describe('words', () => {
  test('a command with its arguments and options, defaults filled in', async () => {
    const { command, args, options } = await chosen('gradcheck', '--layers', '4,8,3', '--seed=7', '--json');
    expect(command).toBe((await import('../../src/cli/commands/gradcheck.js')).command);
    expect(args).toEqual([]);
    expect(options).toEqual({
      layers: [4, 8, 3],
      activation: 'tanh',
      loss: 'mse',
      dtype: 'f64',
      rows: 16,
      seed: 7,
      json: true,
    });
  });

  test('a hyphen is an argument, and so is what follows two of them', async () => {
    expect((await chosen('inspect', '-')).args).toEqual(['-']);
    expect((await chosen('inspect', '--', '--json')).args).toEqual(['--json']);
  });

  test('options of all commands may stand before the command', async () => {
    expect((await chosen('--json', 'info', '-q')).options).toEqual({ json: true, quiet: true });
  });

  test.each([
    [['infp'], `unknown command 'infp': did you mean info? "bitgrad --help" says more`],
    [['zzz'], `unknown command 'zzz'; "bitgrad --help" says more`],
    [['info', '--jsn'], `unknown option '--jsn': did you mean --json? "bitgrad info --help" says more`],
    [['infp', '--help'], `unknown command 'infp': did you mean info? "bitgrad --help" says more`],
    [['help', 'zzz'], `unknown command 'zzz'; "bitgrad --help" says more`],
    [['--verbos'], `unknown option '--verbos': did you mean --version? "bitgrad --help" says more`],
    [['info', 'x'], `too many arguments for 'info'. Expected 0 arguments but got 1; "bitgrad info --help" says more`],
    [['inspect'], `missing required argument 'model'; "bitgrad inspect --help" says more`],
    [['bench', '--out'], `option '-o, --out <file>' argument missing; "bitgrad bench --help" says more`],
    [['demo', '--epochs', '0'], '--epochs must be an integer of 1 or more, got "0"'],
    [['gradcheck', '--dtype', 'f16'], '--dtype must be f32 or f64, got "f16"'],
  ])('%j', async (words, message) => {
    await expect(parse(words)).rejects.toThrow(new UsageError(message));
  });

  test('help of all', async () => {
    const { text, code } = await printed('--help');
    expect(code).toBe(0);
    expect(text).toMatch(/^Usage: bitgrad COMMAND \[options\]\n/);
    for (const name of ['demo', 'info', 'bench']) expect(text).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
    expect(await printed('help')).toEqual({ text, code });
    expect(await printed()).toEqual({ text, code: 2 });
  });
});
