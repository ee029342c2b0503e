// Every class of error that this package throws; what a worker sends back is found here by its name.

/** What every error of this package extends. */
export class BitgradError extends Error {
  /** The class's name, which stays when code is minified. */
  override name = 'BitgradError';
}

/** Shapes do not fit; the message names both. */
export class ShapeError extends BitgradError {
  override name = 'ShapeError';
}

/** A dtype is unknown, or two operands' dtypes differ. */
export class DtypeError extends BitgradError {
  override name = 'DtypeError';
}

/** An argument's value is not one of those allowed. */
export class ValueError extends BitgradError {
  override name = 'ValueError';
}

/** The backend asked for does not work here; `cause` holds the host's reason. */
export class BackendUnavailableError extends BitgradError {
  override name = 'BackendUnavailableError';
}

/** Linear memory cannot grow as far as a call needs. Nothing was changed; the engine stays usable. */
export class OutOfMemoryError extends BitgradError {
  override name = 'OutOfMemoryError';
}

/** A result is NaN or infinite, where the network was told to refuse that. */
export class NonFiniteError extends BitgradError {
  override name = 'NonFiniteError';
}

/** A resident matrix or a network was used after dispose(). */
export class DisposedError extends BitgradError {
  override name = 'DisposedError';
}

/** A scaler or an encoder was used before fit(). */
export class NotFittedError extends BitgradError {
  override name = 'NotFittedError';
}

/** A file is damaged, of another format, or of another version. */
export class FileFormatError extends BitgradError {
  override name = 'FileFormatError';
}

/** Another training holds the lock of a checkpoint, or has taken it over; the message says who, and what to do. */
export class FileLockedError extends BitgradError {
  override name = 'FileLockedError';
}

/** A worker ended before its time; `cause` says why. The network has the last finished epoch's parameters. */
export class WorkerError extends BitgradError {
  override name = 'WorkerError';
}

/** All of them by their names: not `import *` of this file, of which a bundler makes code that runs at import. */
export const ERRORS = {
  BackendUnavailableError,
  BitgradError,
  DisposedError,
  DtypeError,
  FileFormatError,
  FileLockedError,
  NonFiniteError,
  NotFittedError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
  WorkerError,
};
