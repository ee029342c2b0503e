import { describe } from '../checks/describe.js';
import { CONTRACT_VERSION } from './contract.js';

/** That something was written under another contract, in words; undefined if it was not. */
export function otherContract(what: string, version: unknown): string | undefined {
  if (version === CONTRACT_VERSION) return undefined;
  return `${what} was written under contract version ${describe(version)}, this is ${CONTRACT_VERSION}`;
}
