// The table of what a model can be exported as: from it come the options of `bitgrad export`.

import { javascriptOf } from './javascript/javascript.js';
import { typesOf } from './javascript/types.js';
import { jsonOf } from './json.js';
import { onnxOf } from './onnx/onnx.js';
import { type Exportable, type ModelPlan, planOf } from './plan.js';

/** What a form makes of a model. */
export interface Exported {
  /** The file. */
  readonly content: string | Uint8Array;
  /** A file that belongs beside it, of the same name but for its extension. */
  readonly types?: string;
  /** In what it differs from the model, in words; mostly in nothing. */
  readonly warnings: readonly string[];
}

interface Exporter {
  /** One line. */
  readonly what: string;
  /** Of its files, and what stands in its place in the name of the file beside it, if there is one. */
  readonly extensions: Readonly<Record<string, string>>;
  make(plan: ModelPlan, model: Exportable, notes: unknown): Exported;
}

export const EXPORTERS = {
  js: {
    what: 'a JavaScript module without dependencies: the same bits as the model',
    extensions: { '.js': '.d.ts', '.mjs': '.d.mts' },
    make: (plan) => ({ content: javascriptOf(plan), types: typesOf(plan), warnings: [] }),
  },
  onnx: {
    what: 'ONNX, for onnxruntime and its kin: the same numbers to about 1e-6',
    extensions: { '.onnx': '' },
    make(plan) {
      const { bytes, warnings } = onnxOf(plan);
      return { content: bytes, warnings };
    },
  },
  json: {
    what: 'JSON that fromJSON takes back, with the notes of the training',
    extensions: { '.json': '' },
    make: (plan, model, notes) => ({
      content: `${JSON.stringify(jsonOf(model, plan, notes))}\n`,
      warnings: [],
    }),
  },
} as const satisfies Record<string, Exporter>;

export type ExportForm = keyof typeof EXPORTERS;

/**
 * A model in a form of the table.
 *
 * @param model what can be saved, or a NetworkEstimator; fitted
 * @param notes what was saved with it: `model.loadInfo.notes`
 * @throws {ExportError} naming the part that the form has no place for; {NotFittedError}
 */
export function exportModel(model: Exportable, form: ExportForm, notes?: unknown): Exported {
  return EXPORTERS[form].make(planOf(model, notes), model, notes);
}
