// What the columns of a Parquet file are.

import { type FileMetaData, parquetSchema, type SchemaElement } from 'hyparquet';
import { DataError } from './errors.js';
import type { ColumnInfo, ColumnType } from './table.js';
import { shown } from './text.js';

const DATES = /^(DATE|TIMESTAMP|TIMESTAMP_MILLIS|TIMESTAMP_MICROS)$/;
const TEXTS = /^(UTF8|STRING|ENUM|UUID)$/;
const REFUSED = /^(JSON|BSON|INTERVAL|TIME|TIME_MILLIS|TIME_MICROS|VARIANT|GEOMETRY|GEOGRAPHY|LIST|MAP|MAP_KEY_VALUE)$/;

/** @returns undefined of what is no cell */
function typeOf({ type, converted_type, logical_type }: SchemaElement): ColumnType | undefined {
  const says = (pattern: RegExp) => pattern.test(converted_type ?? '') || pattern.test(logical_type?.type ?? '');
  if (says(REFUSED)) return undefined;
  if (type === 'INT96' || says(DATES)) return 'date';
  if (says(/^(DECIMAL|FLOAT16)$/)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'INT32' || type === 'INT64' || type === 'FLOAT' || type === 'DOUBLE') return 'number';
  return type === 'BYTE_ARRAY' || says(TEXTS) ? 'string' : undefined;
}

/** @throws {DataError} naming a column of anything but numbers, booleans, texts and dates */
export function columnsOf(metadata: FileMetaData, file: string): ColumnInfo[] {
  const columns = parquetSchema(metadata).children.map(({ element, children }) => {
    const { name, repetition_type, converted_type, logical_type } = element;
    const flat = children.length === 0 && repetition_type !== 'REPEATED';
    const type = flat ? typeOf(element) : undefined;
    if (type) return { name, type };
    const what = logical_type?.type ?? converted_type ?? (flat ? element.type : 'several values a row');
    throw new DataError(`it is ${shown(what)}: numbers, booleans, texts and dates are read; leave it out of the file`, {
      file,
      column: name,
    });
  });
  if (columns.length === 0) throw new DataError('it has no columns', { file });
  return columns;
}
