// Whether a table is the one that was searched with.

import { DataError } from '../../formats/errors.js';
import type { OpenTable } from '../../formats/table.js';
import { readTrainingOptions, type TableTrainingOptions } from '../training-options.js';
import { type RowsOptions, readTuningRows } from './rows.js';
import type { Search } from './search.js';

type Options = Pick<TableTrainingOptions, 'target' | 'memoryBytes' | 'signal'> & Pick<RowsOptions, 'onRead'>;

/** @param table it is read twice @throws {DataError} if its rows, or what their columns are taken for, are others */
export async function checkSearched(table: OpenTable, { data, settings }: Search, given: Options): Promise<void> {
  const { onRead, ...options } = given;
  const { sha256 } = await readTuningRows(table, {
    ...readTrainingOptions({ ...settings, ...options }),
    most: data.sample,
    onRead,
  });
  if (sha256 !== data.sha256)
    throw new DataError('these are not the rows that were searched with', { file: table.file });
}
