import { refuseValue } from '../checks/values.js';

/** What is used of an `AbortSignal`, whose type not every program's library knows. */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean;
  /** Why. */
  readonly reason?: unknown;
  /** Throws the reason, once it was aborted. */
  throwIfAborted(): void;
  /** Calls the listener when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Calls it no more. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** @throws {ValueError} unless it is an AbortSignal or undefined */
export function checkSignal(signal: unknown): asserts signal is AbortSignalLike | undefined {
  if (signal === undefined || typeof (signal as AbortSignalLike | null)?.addEventListener === 'function') return;
  refuseValue('signal', 'an AbortSignal', signal);
}
