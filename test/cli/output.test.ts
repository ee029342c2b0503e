import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createOutput, takesColour } from '../../src/cli/terminal.js';
import { Pipe, pipes, Terminal, terminal } from './sinks.js';

describe('in a pipe', () => {
  test('lines and the result go to standard output, remarks to standard error', () => {
    const { out, stdout, stderr } = pipes();
    out.line('before');
    out.note('by the way');
    out.result({ n: 1 }, 'the result');
    expect(stdout.text).toBe('before\nthe result\n');
    expect(stderr.text).toBe('by the way\n');
  });

  test('--quiet leaves the result, --json its value', () => {
    for (const [flags, text] of [
      [{ quiet: true }, 'text\n'],
      [{ json: true }, '{"values":[1,null,3],"is":null}\n'],
      [{ json: true, quiet: true }, '{"values":[1,null,3],"is":null}\n'],
    ] as const) {
      const { out, stdout, stderr } = pipes(flags);
      out.line('before');
      out.live().update(0.5, 'half');
      out.result({ values: Float64Array.of(1, Number.NaN, 3), is: Infinity }, 'text');
      out.close();
      expect(stdout.text).toBe(text);
      expect(stderr.text).toBe('');
    }
  });

  test('there is nothing live, no colour, and room for all', () => {
    const { out, stderr } = pipes();
    const live = out.live();
    live.update(0.5, 'half', () => expect.unreachable('nobody sees it'));
    live.end();
    expect(stderr.text).toBe('');
    expect(out.style('red', 'text')).toBe('text');
    expect([out.width, out.room]).toEqual([80, Infinity]);
  });
});

describe('colours', () => {
  const tty = { isTTY: true, write() {} };
  const pipe = { write() {} };
  test.each([
    [tty, {}, true],
    [tty, { NO_COLOR: '1' }, false],
    [tty, { NO_COLOR: '' }, true],
    [tty, { TERM: 'dumb' }, false],
    [tty, { FORCE_COLOR: '0' }, false],
    [tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
    [pipe, {}, false],
    [pipe, { FORCE_COLOR: '1' }, true],
    [pipe, { FORCE_COLOR: '' }, false],
  ])('%j with %j: %s', (stream, env, expected) => {
    expect(takesColour(stream, env)).toBe(expected);
  });

  test('JSON has none', () => {
    expect(pipes({ json: true }, { FORCE_COLOR: '1' }).out.style('red', 'x')).toBe('x');
    expect(pipes({}, { FORCE_COLOR: '1' }).out.style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('the live line', () => {
  test('has the bar, the text, and the picture below; it is gone in the end', () => {
    const { out, screen } = terminal();
    const live = out.live();
    live.update(0.5, 'epoch 5/10', () => 'a\nb');
    expect(screen.shown).toEqual(['█████░░░░  50 % epoch 5/10', 'a', 'b']);
    live.end();
    expect(screen.shown).toEqual([]);
    out.line('done');
    expect(screen.shown).toEqual(['done']);
    expect(screen.screen[0]).toBe('done');
  });

  test('is cut to the width, and drawn ten times a second at most', async () => {
    const { out, screen } = terminal();
    const live = out.live();
    let drawn = 0;
    const picture = () => {
      drawn++;
      return '-'.repeat(100);
    };
    const start = performance.now();
    for (let i = 0; performance.now() - start < 450; i++) {
      live.update(undefined, `${i} ${'x'.repeat(100)}`, picture);
      await wait(5);
    }
    // Each is as new as it is drawn.
    expect(Number(/^\d+/.exec(screen.shown[0])?.[0])).toBeGreaterThan(10);
    for (const line of screen.shown) expect(line).toMatch(/^.{38}…$/);
    expect(screen.shown).toHaveLength(2);
    expect(drawn).toBeGreaterThanOrEqual(2);
    expect(drawn).toBeLessThanOrEqual(5);
    out.close();
    const { length } = screen.text;
    await wait(150);
    expect(screen.text).toHaveLength(length);
    expect(screen.shown).toEqual([]);
  });

  test('that ends at once is not drawn again', async () => {
    const { out, screen } = terminal();
    out.live().update(0.5, 'text', () => 'a');
    out.close();
    const { length } = screen.text;
    await wait(150);
    expect(screen.text).toHaveLength(length);
  });

  test('makes place for lines, and comes back', () => {
    const { out, screen } = terminal();
    const live = out.live();
    live.update(0.25, 'first');
    out.line('a line');
    expect(screen.shown).toEqual(['a line']);
    live.update(0.5, 'second');
    expect(screen.shown).toEqual(['a line', '█████░░░░  50 % second']);
    out.note('a remark');
    out.close();
    expect(screen.shown).toEqual(['a line', 'a remark']);
  });

  test('of a terminal that became narrower leaves nothing behind', async () => {
    const { out, screen } = terminal();
    const live = out.live();
    live.update(undefined, 'x'.repeat(39), () => 'y'.repeat(39));
    // As terminals do: each line is two.
    screen.columns = 20;
    screen.screen = ['x'.repeat(20), 'x'.repeat(19), 'y'.repeat(20), 'y'.repeat(19)];
    screen.write('\n\r\n\r');
    live.end();
    expect(screen.shown).toEqual([]);
  });

  test('leaves out a picture that the terminal has no room for', () => {
    const { out, screen } = terminal();
    screen.rows = 3;
    const live = out.live();
    live.update(undefined, 'text', () => 'a\nb');
    expect(screen.shown).toEqual(['text']);
    live.end();
  });

  test('a dumb terminal, or --quiet, has none', () => {
    for (const { out, screen } of [
      terminal({}, { TERM: 'dumb' }),
      terminal({ quiet: true }),
      terminal({ json: true }),
    ]) {
      out.live().update(0.5, 'half');
      expect(screen.text).toBe('');
    }
    const [stdout, stderr] = [new Terminal(), new Pipe()];
    createOutput({ stdout, stderr, env: {} }, { json: false, quiet: false }).live().update(0.5, 'half');
    expect(stdout.text + stderr.text).toBe('');
  });
});
