import { afterEach, describe, expect, test, vi } from 'vitest';
import { listen } from '../../src/cli/interrupts.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const before = SIGNALS.map((name) => process.listeners(name));

afterEach(() => {
  for (const [i, name] of SIGNALS.entries()) {
    for (const each of process.listeners(name)) if (!before[i].includes(each)) process.removeListener(name, each);
  }
});

describe('signals', () => {
  test('until somebody asks, nobody listens: the process ends as ever', () => {
    const interrupts = listen(() => {});
    expect(SIGNALS.map((name) => process.listenerCount(name))).toEqual(before.map(({ length }) => length));
    expect(interrupts.signal.aborted).toBe(false);
    expect(SIGNALS.map((name) => process.listenerCount(name))).toEqual(before.map(({ length }) => length + 1));
    expect(interrupts.code).toBeUndefined();
  });

  test.each([
    ['SIGINT', 'SIGINT', 130, 130],
    ['SIGTERM', 'SIGINT', 143, 130],
  ] as const)('%s aborts, %s after that ends at once', (first, second, code, last) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    try {
      const atOnce = vi.fn();
      const interrupts = listen(atOnce);
      const { signal } = interrupts;
      process.emit(first);
      expect([signal.aborted, interrupts.code, exit.mock.calls]).toEqual([true, code, []]);
      expect(atOnce).not.toHaveBeenCalled();
      process.emit(second);
      expect(exit.mock.calls).toContainEqual([last]);
      expect(atOnce).toHaveBeenCalled();
    } finally {
      exit.mockRestore();
    }
  });
});
