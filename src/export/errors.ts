import { BitgradError } from '../index.js';

/** A model, or a part of it, that a form of export has no place for: the message says which part, and what can be done. */
export class ExportError extends BitgradError {
  override name = 'ExportError';
}
