import { BitgradError } from '../checks/errors.js';

/** A file is damaged, of another format, or of another version. */
export class FileFormatError extends BitgradError {
  override name = 'FileFormatError';
}

/** Another training holds the lock of a checkpoint, or has taken it over; the message says who, and what to do. */
export class FileLockedError extends BitgradError {
  override name = 'FileLockedError';
}
