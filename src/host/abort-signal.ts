import { refuseValue } from '../checks/values.js';

/** What is used of an `AbortSignal`, whose type not every program's library knows. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** @throws {ValueError} unless it is an AbortSignal or undefined */
export function checkSignal(signal: unknown): asserts signal is AbortSignalLike | undefined {
  if (signal === undefined || typeof (signal as AbortSignalLike | null)?.addEventListener === 'function') return;
  refuseValue('signal', 'an AbortSignal', signal);
}
