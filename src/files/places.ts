// What a caller may give for a place, and what it becomes.

import { refuseValue } from '../checks/values.js';
import { absolute, isPath } from '../host/file-system.js';
import { type BlobLike, type FileHandleLike, isBlob, isFileHandle } from '../host/handles.js';
import { diskPlace } from './disk-place.js';
import { blobSource, handlePlace } from './handle-place.js';
import type { Place, Source, Where } from './place.js';

/** The place that is told so, in whichever thread. */
export const placeOf = (where: Where): Place => (typeof where === 'string' ? diskPlace(where) : handlePlace(where));

/** A place that was handed in, a path as it is at this moment. @throws {ValueError} naming it */
export function readWhere(target: string | FileHandleLike, name: string): Where {
  if (isPath(target)) return absolute(target);
  if (isFileHandle(target)) return target;
  return refuseValue(name, 'the name of a file or a FileSystemFileHandle', target);
}

/** What was handed in to be read. @throws {ValueError} naming it */
export function readSource(source: string | FileHandleLike | BlobLike, name: string): Source {
  if (isPath(source) || isFileHandle(source)) return placeOf(readWhere(source, name));
  if (isBlob(source)) return blobSource(source);
  return refuseValue(name, 'the name of a file, a FileSystemFileHandle or a Blob', source);
}
