import { BitgradError } from '../errors.js';

/** A file is damaged, of another format, or of another version. */
export class FileFormatError extends BitgradError {
  override name = 'FileFormatError';
}
