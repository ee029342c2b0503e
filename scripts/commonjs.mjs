// The package for require(): each ES module of a build once more in cjs/, under the same name, and the types of both.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const renamed = (names) => names.replace(/\b(\S+) as (\S+)\b/g, '$1: $2');

/**
 * A module of esbuild's as CommonJS, line for line, so that one source map serves both. What is imported becomes constants: as
 * esbuild writes it itself, behind a getter, a small call takes 1.4 to 1.9 times as long (measured).
 */
export function commonJS(code, up) {
  const turned = code
    .replace(
      /^import \{([^}]*)\} from ("[^"]*");$/gm,
      (_, names, from) => `const {${renamed(names)}} = require(${from});`,
    )
    .replace(/^import ("[^"]*");$/gm, 'require($1);')
    .replace(/^export \{([^}]*)\};$/gm, (_, names) => {
      const exported = names.replace(/\b(\S+) as (\S+)\b/g, '$2: $1');
      return `module.exports = {${exported}}; Object.defineProperty(module.exports, "__esModule", { value: true });`;
    })
    .replaceAll('"./worker-text.cjs"', '"../worker-text.cjs"')
    .replaceAll('"../cjs/parallel.js"', '"../parallel.js"')
    // Jest and vm contexts refuse import().
    .replace(/\bimport\(("[^"]*")\)/g, 'Promise.resolve().then(() => require($1))')
    .replace(/\bimport\(/g, 'require(')
    .replaceAll('import.meta.url', '__filename')
    .replace('//# sourceMappingURL=', `$&${up}`);
  const left = /^(import|export)\b.*|\bimport[.(].*/m.exec(turned);
  if (left) throw new Error(`this cannot become CommonJS: ${left[0]}`);
  return `"use strict"; ${turned}`;
}

/** Turns what lies in `dist`, but the worker, which holds most of that again. */
export function writeCommonJS(dist) {
  for (const [folder, up] of Object.entries({ '': '../', 'shared/': '../../shared/' })) {
    mkdirSync(`${dist}/cjs/${folder}`, { recursive: true });
    const files = readdirSync(`${dist}/${folder}`).filter((name) => name.endsWith('.js') && name !== 'worker.js');
    for (const name of files) {
      const code = readFileSync(`${dist}/${folder}${name}`, 'utf8');
      writeFileSync(`${dist}/cjs/${folder}${name}`, commonJS(code, up));
    }
  }
  // Never in a test's realm, so it may import(): the package holds the whole of the worker once.
  writeFileSync(`${dist}/cjs/worker.js`, '"use strict"; import("../worker.js");\n');
  writeFileSync(`${dist}/cjs/package.json`, '{ "type": "commonjs" }\n');
}

/** What a host that compiles modules by itself gives for one that is imported. */
const MODULE_TYPES = `import type { CompiledModule } from 'PACK';
declare const module: CompiledModule;
export default module;
`;

/** @param entries name -> the declarations that tsc wrote in cjs/: a module of either kind may import those */
export function writeTypes(dist, entries) {
  for (const [name, types] of Object.entries(entries)) {
    writeFileSync(`${dist}/${name}.d.ts`, `export * from './cjs/${types}.js';\n`);
  }
  writeFileSync(`${dist}/module.d.ts`, MODULE_TYPES.replace('PACK', './cjs/kernels/pack.js'));
  writeFileSync(`${dist}/cjs/module.d.ts`, MODULE_TYPES.replace('PACK', './kernels/pack.js'));
}
