// Parquet looked over before it is decoded: of sizes that cannot be, hyparquet makes loops without an end.

import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

/** Of a page, decompressed: writers make them of 1 MiB or so. */
const LARGEST_PAGE = 1 << 30;

const isCount = (value: unknown, most: number) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** @throws {Error} if the rows of the groups are not those of the file, or a size is none */
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

/** @param bytes of pages that follow one another @param most rows of a group @throws {Error} */
export function checkPages(bytes: ArrayBuffer, most: number): void {
  const reader = { view: new DataView(bytes), offset: 0 };
  while (reader.offset < bytes.byteLength - 1) {
    const { data_page_header, data_page_header_v2, dictionary_page_header, ...page } = parquetHeader(reader);
    const about = data_page_header ?? data_page_header_v2 ?? dictionary_page_header;
    const left = bytes.byteLength - reader.offset;
    const { definition_levels_byte_length: definitions, repetition_levels_byte_length: repetitions } =
      data_page_header_v2 ?? {};
    const sizes =
      isCount(page.compressed_page_size, left) &&
      isCount(page.uncompressed_page_size, LARGEST_PAGE) &&
      isCount(definitions ?? 0, page.compressed_page_size) &&
      isCount(repetitions ?? 0, page.compressed_page_size);
    const rows = isCount(data_page_header_v2 ? data_page_header_v2.num_rows : 0, most);
    if (!sizes || !rows || !isCount(about?.num_values, most)) throw new Error('a page is damaged');
    reader.offset += page.compressed_page_size;
  }
}
