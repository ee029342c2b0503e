// A schema's columns as inputs of a network: a ColumnTransformer that was fitted by the scan, not by rows in memory.

import {
  ColumnTransformer,
  type ColumnTransformerJSON,
  MinMaxScaler,
  OneHotEncoder,
  RobustScaler,
  StandardScaler,
} from '../model/index.js';
import type { ColumnScan } from './column-scan.js';
import type { Scan } from './scan.js';
import type { ColumnKind, ColumnSchema, Scale } from './schema.js';

type StepJSON = { readonly kind: string };
/** With members that its class knows. */
type FullJSON = StepJSON & Readonly<Record<string, unknown>>;

/** One JSON of several columns' own: each member that has one element a column is put together. */
function joined(parts: readonly StepJSON[], names: readonly string[]): StepJSON {
  const members = Object.keys(parts[0]).map((key) => {
    const values = parts.map((part) => (part as unknown as Record<string, unknown>)[key]);
    const perColumn = Array.isArray(values[0]) && values[0].length === 1;
    return [key, perColumn ? values.flat() : values[0]];
  });
  return {
    ...Object.fromEntries(members),
    ...('cols' in parts[0] && { cols: names.length }),
    featureNamesIn: [...names],
  };
}

/** What scales numbers, of one column each. */
const SCALERS: Readonly<Record<Exclude<Scale, 'none'>, (scan: ColumnScan) => StepJSON>> = {
  standard: ({ scaler }) => scaler.toJSON(),
  minmax: ({ range }) => range.toJSON(),
  robust: ({ sample }) =>
    new RobustScaler().fit({ rows: sample.length, cols: 1, data: Float64Array.from(sample) }).toJSON(),
};

const UNFITTED: Readonly<Record<Exclude<Scale, 'none'>, () => StepJSON>> = {
  standard: () => new StandardScaler().toJSON(),
  minmax: () => new MinMaxScaler().toJSON(),
  robust: () => new RobustScaler().toJSON(),
};

/** What each kind of column is called in names of inputs, in the order of the inputs. */
export const PARTS: Readonly<Record<ColumnKind, string>> = { number: 'number', boolean: 'flag', category: 'category' };

const imputer = (columns: readonly ColumnSchema[]): FullJSON => ({
  kind: 'SimpleImputer',
  ...{ strategy: 'constant', fillValue: null, addIndicator: false, keepEmptyFeatures: false },
  statistics: columns.map(({ fill }) => fill),
  kinds: columns.map(({ fill }) => typeof fill),
  indicated: [],
  featureNamesIn: columns.map(({ name }) => name),
});

const UNKNOWN = { handleUnknown: 'infrequentIfExist' } as const;

const encoder = (columns: readonly ColumnSchema[], categories: readonly (readonly string[])[]): FullJSON => ({
  kind: 'OneHotEncoder',
  ...UNKNOWN,
  ...{ drop: null, dtype: 'f64' },
  categories,
  infrequent: columns.map((column, j) => {
    const kept = column.categories?.length ?? 0;
    return categories[j].slice(kept).map((_, i) => kept + i);
  }),
  featureNamesIn: columns.map(({ name }) => name),
});

/** A text that no file has, where several categories share an input. */
const OTHER = '(other)';

/**
 * Gaps are filled, numbers scaled, flags 0 and 1, and each category an input; those that were not kept share one, 'other', where there were any.
 * It takes tables by the columns' names.
 */
export function preprocessing({ schema, columns }: Scan): ColumnTransformer {
  const scans = new Map(columns.map((scan) => [scan.name, scan]));
  const names = schema.columns.map(({ name }) => name);
  const transformers: ColumnTransformerJSON['transformers'] = [];
  const fitted: ColumnTransformerJSON['fitted'] = [];
  for (const [kind, name] of Object.entries(PARTS)) {
    const own = schema.columns.filter((column) => column.kind === kind);
    if (own.length === 0) continue;
    const ownNames = own.map((column) => column.name);
    const chain: StepJSON[] = own[0].fill === undefined ? [] : [imputer(own)];
    const unfitted: StepJSON[] = [];
    if (kind === 'number' && schema.scale !== 'none') {
      const of = SCALERS[schema.scale];
      chain.push(
        joined(
          ownNames.map((each) => of(scans.get(each) as ColumnScan)),
          ownNames,
        ),
      );
      unfitted.push(UNFITTED[schema.scale]());
    }
    if (kind === 'category') {
      const lists = own.map(({ categories = [], others }) => (others ? [...categories, OTHER] : categories));
      chain.push(encoder(own, lists));
      unfitted.push(new OneHotEncoder(UNKNOWN).toJSON());
    }
    transformers.push({ name, transformer: unfitted.length > 0 ? unfitted : 'passthrough', columns: ownNames });
    fitted.push({ name, chain, columns: ownNames.map((each) => names.indexOf(each)) });
  }
  return ColumnTransformer.fromJSON({
    kind: 'ColumnTransformer',
    remainder: 'drop',
    header: null,
    verboseFeatureNamesOut: true,
    transformers,
    fitted,
    nFeaturesIn: names.length,
    featureNamesIn: names,
  });
}

/** Of each input the column that it comes of, in the order of the inputs. */
export function inputColumns(columns: readonly ColumnSchema[]): string[] {
  return Object.keys(PARTS).flatMap((kind) =>
    columns
      .filter((column) => column.kind === kind)
      .flatMap(({ name, categories, others }) =>
        (categories ? [...categories, ...(others ? [OTHER] : [])] : [0]).map(() => name),
      ),
  );
}
