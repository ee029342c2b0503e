// Parquet looked over before it is decoded: of sizes that cannot be, hyparquet makes loops without an end.

import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

/** Of a page, decompressed: writers make them of 1 MiB or so. */
const LARGEST_PAGE = 1 << 30;

const isCount = (value: unknown, most: number) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** @throws {Error} if the rows of the groups are not those of the file */
export function checkMetadata({ num_rows, row_groups }: FileMetaData): void {
  let rows = 0n;
  for (const { num_rows: own, columns } of row_groups) {
    if (typeof own !== 'bigint' || own < 0n) throw new Error('a row group does not say how many rows it has');
    if (!columns.every(({ meta_data }) => meta_data)) throw new Error('a column is said to be in another file');
    rows += own;
  }
  if (rows !== num_rows || rows > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('the numbers of rows do not agree');
}

/** Where page indexes lie, which are no pages. */
export const indexesOf = ({ row_groups }: FileMetaData): ReadonlySet<number> =>
  new Set(row_groups.flatMap(({ columns }) => columns.map((each) => Number(each.offset_index_offset ?? -1))));

type Header = ReturnType<typeof parquetHeader>;

/** @param left bytes after the header @param most rows of a group */
function isSound(page: Header, left: number, most: number): boolean {
  const { compressed_page_size: size, data_page_header_v2: v2 } = page;
  if (!isCount(size, left) || !isCount(page.uncompressed_page_size, LARGEST_PAGE)) return false;
  if (!v2) return isCount((page.data_page_header ?? page.dictionary_page_header)?.num_values, most);
  const levels = [v2.definition_levels_byte_length, v2.repetition_levels_byte_length];
  const counts = [v2.num_values, v2.num_rows, v2.num_nulls];
  return levels.every((each) => isCount(each, size)) && counts.every((each) => isCount(each, most));
}

/** @param bytes of pages that follow one another @param most rows of a group @throws {Error} */
export function checkPages(bytes: ArrayBuffer, most: number): void {
  const reader = { view: new DataView(bytes), offset: 0 };
  while (reader.offset < bytes.byteLength - 1) {
    const page = parquetHeader(reader);
    if (!isSound(page, bytes.byteLength - reader.offset, most)) throw new Error('a page is damaged');
    reader.offset += page.compressed_page_size;
  }
}
