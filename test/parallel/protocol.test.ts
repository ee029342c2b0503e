// What threads claim: chunks of the job whose calls they have read, and of no other.

import { expect, test } from 'vitest';
import { createTsBackend } from '../../src/backend/ts/index.js';
import { Session } from '../../src/matrix/marshal.js';
import { Crew } from '../../src/parallel/crew.js';
import { Member } from '../../src/parallel/member.js';
import { HEAD, JOB, WORD } from '../../src/parallel/protocol.js';

test('a thread that was late for a job claims nothing of the next one, of which it sees the larger number of chunks too early', () => {
  const session = new Session(createTsBackend('a test', true), undefined);
  const start = () => ({ post() {}, terminate() {} });
  const crew = new Crew(session, 2, { start, Failure: Error });
  const { words, numbers } = crew;
  let calls = 0;
  const kernelOf = () => {
    // It has looked at the job: once more, and it ends.
    Atomics.store(words, WORD.stop, 1);
    return () => {
      calls++;
      return undefined;
    };
  };
  const late = new Member({ words, numbers, index: 1, work: 0, kernelOf, look() {} });
  numbers[HEAD.kind] = JOB.call;
  const own: number[] = [];
  expect(crew.run(2, (chunk) => own.push(chunk))).toBe(true);
  expect(own).toEqual([0, 1]);
  // The first thing that is written of the next job.
  numbers[HEAD.chunks] = 8;
  expect(late.serve()).toBe(false);
  expect(calls).toBe(0);
});
