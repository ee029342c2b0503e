// Models for elsewhere: JavaScript without dependencies, ONNX, JSON.

import type { Saveable } from '../model/index.js';

/** JavaScript of one module. */
export function toJavaScript(model: Saveable): string {
  return String(model);
}
