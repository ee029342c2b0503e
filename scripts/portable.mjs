// What exported models run, as text: src/portable/ and the kernels that it takes, cut into pieces, so that a model gets those that it needs.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { load } from './exports.mjs';
import { PORTABLE, root } from './sources.mjs';

const TARGET = 'es2022';

/** Methods of the TypeScript kernels, as Biome lays them out. */
const KERNEL = /^ {4}(\w+)\([^)]*\) \{\n[\s\S]*?^ {4}\},\n/gm;
/** What a prediction asks of an activation's line is its curve; what goes back through it is for trainings. */
const OF_TRAINING =
  /^ {2}(pack|options|initializer|gain|last|apart): .*,\n|^ {4,6}backward: .*,\n|^ {4}backward\(.*\n[\s\S]*?^ {4}\},\n/gm;

/** Files of kernels that are methods, and the functions that make them. Of each kernel the file is taken without the others. */
const METHODS = [
  ['elementwise', 'elementwise'],
  ['elementwise', 'coreActivations'],
  ['rows', 'rows'],
  ['activations', 'moreActivations'],
  ['norm', 'norms'],
  ['embed', 'embeddings'],
];
/** exp and its kin stand in one object of each dtype, which would bring them all. */
const KIN = /^export const exponentials(F32)? = .*\n([\s\S]*?)^\}\);\n/gm;
const ONE_OF_KIN = /^ {2}(\w+): (map1\(format, [\s\S]*?^ {2}\}\)),\n/gm;
const apart = (text) =>
  text.replace(KIN, (_, single, lines) =>
    lines.replace(ONE_OF_KIN, (_, name, made) => {
      const dtype = single ? 'f32' : 'f64';
      return `export const ${name}_${dtype} = (format: Format) => {
        const powers = powersOfTwo();
        return { ${name}: ${made} };
      };\n`;
    }),
  );
const FORMAT = { view: () => new Float64Array(1), shift: 3, f: (x) => x };

/** Without kernels that no forward pass calls; and what is computed of constants may be left out where it is not used. */
const forwardOnly = (called) => ({
  name: 'forward-only',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\?only=/ }, ({ path }) => {
      const [file, only] = path.split('?only=');
      return { path: fileURLToPath(new URL(file, root)), suffix: `?${only}` };
    });
    const keeps = (suffix, name) => (suffix ? suffix === `?${name}` : called.has(name));
    const read = (file, change) => ({ contents: change(readFileSync(file.path, 'utf8')), loader: 'ts' });
    onLoad({ filter: /[\\/]backend[\\/]ts[\\/]\w[\w-]*\.ts$/ }, (file) =>
      read(file, (text) =>
        apart(text)
          .replace(KERNEL, (kernel, name) => (keeps(file.suffix, name) ? kernel : ''))
          .replace('const { fround } = Math;', 'const fround = Math.fround;')
          .replace(/^(const \w+ = )fround\(/gm, '$1/* @__PURE__ */ fround('),
      ),
    );
    onLoad({ filter: /[\\/]layers[\\/]activations[\\/]\w+\.ts$/ }, (file) =>
      read(file, (text) => text.replace(OF_TRAINING, '')),
    );
  },
});

async function bundle(contents, options) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(root), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: TARGET,
    write: false,
    ...options,
  });
  return outputFiles[0].text;
}

/** Statements on the first level; the name that each declares. Neither minified syntax nor whitespace: each begins a line. */
function statementsOf(text) {
  const code = text.slice(0, text.lastIndexOf('\nexport {'));
  return code
    .replace(/^\/\/.*\n/gm, '')
    .split(/\n(?=(?:var|let|const|function|class|async) )/)
    .map((each) => [/^(?:\w+ )+\*?([\w$]+)/.exec(each)?.[1], each.trim()])
    .filter(([, each]) => each);
}

/** Which kernels each activation's forward pass calls, and whether it needs its logits apart. */
async function activationsOf() {
  const { ALL } = await load(`
    import { ACTIVATIONS } from './src/layers/activations.ts';
    import { MORE_ACTIVATIONS } from './src/layers/more-activations.ts';
    export const ALL = { ...ACTIVATIONS, ...MORE_ACTIVATIONS };
  `);
  return Object.entries(ALL).map(([name, { curve, apart }]) => {
    const kernels = new Set();
    const k = new Proxy({}, { get: (_, kernel) => () => void kernels.add(kernel) });
    (typeof curve === 'function' ? curve({}) : curve).forward(k, 1, 0, 0, 0, false, 1);
    const own = Object.keys(ALL).find((other) => ALL[other] === ALL[name]);
    return { name, own, apart: apart === true, kernels: [...kernels] };
  });
}

const files = (folder) => readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.ts'));

/** The text of the generated file, [path, text]. */
export async function makePortable() {
  const activations = await activationsOf();
  const layers = files('src/portable/layers').map((file) =>
    readFileSync(new URL(`src/portable/layers/${file}`, root), 'utf8'),
  );
  // What a layer is called, and the kernels of its text.
  const ofLayers = layers.flatMap((text) =>
    text
      .split(/^export (?=const|function)/m)
      .slice(1)
      .map((each) => {
        const kernels = [...each.matchAll(/\bk\.(\w+)\(/g)].map(([, kernel]) => kernel);
        return { name: /^\w+ (\w+)/.exec(each)[1], kernels };
      }),
  );
  const called = new Set([...activations, ...ofLayers].flatMap(({ kernels }) => kernels));

  const made = await load("export * from './src/portable/kernels.ts';");
  const rootOfKernel = new Map();
  for (const [name, make] of Object.entries(made)) {
    for (const kernel of Object.keys(make(FORMAT))) rootOfKernel.set(kernel, name.replace(/_f(32|64)$/, ''));
  }
  const alone = [];
  const { kin } = await load(`
    import { exponentials, powersOfTwo } from './src/backend/ts/exp.ts';
    export const kin = Object.keys(exponentials({}, powersOfTwo()));
  `);
  for (const kernel of kin) {
    rootOfKernel.set(kernel, kernel);
    alone.push(`export { ${kernel}_f64, ${kernel}_f32 } from './src/backend/ts/exp.ts';`);
  }
  for (const [file, factory] of METHODS) {
    const kernels = await load(`export { ${factory} as make } from './src/backend/ts/${file}.ts';`);
    for (const kernel of Object.keys(kernels.make(FORMAT)).filter((kernel) => called.has(kernel))) {
      rootOfKernel.set(kernel, `kernel_${kernel}`);
      alone.push(`export { ${factory} as kernel_${kernel} } from './src/backend/ts/${file}.ts?only=${kernel}';`);
    }
  }
  const lost = [...called].filter((kernel) => !rootOfKernel.has(kernel));
  if (lost.length > 0) throw new Error(`src/portable: no kernels of these names: ${lost.join(', ')}`);
  const needed = (kernels) => [...new Set(kernels.map((kernel) => rootOfKernel.get(kernel)))].sort();

  const own = [...new Set(activations.map((each) => each.own))];
  const entry = [
    ...files('src/portable').map((file) => `export * from './src/portable/${file}';`),
    ...files('src/portable/layers').map((file) => `export * from './src/portable/layers/${file}';`),
    ...alone,
    ...own.map((name) => `export { ${name} as activation_${name} } from './src/layers/activations/${name}.ts';`),
  ].join('\n');
  const whole = await bundle(entry, { minifyIdentifiers: true, plugins: [forwardOnly(called)] });
  const locals = Object.fromEntries(
    [...whole.slice(whole.lastIndexOf('\nexport {')).matchAll(/(\S+) as (\w+)/g)].map(([, local, name]) => [
      name,
      local,
    ]),
  );
  const names = statementsOf(whole).map(([name]) => name);
  const treeOf = (name) =>
    bundle(`export { ${name} } from 'whole';`, {
      plugins: [
        {
          name: 'whole',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^whole$/ }, () => ({ path: 'whole', namespace: 'whole', sideEffects: false }));
            onLoad({ filter: /.*/, namespace: 'whole' }, () => ({ contents: whole, loader: 'js' }));
          },
        },
      ],
    });
  const rootOf = async (name) => {
    const left = new Set(statementsOf(await treeOf(name)).map(([declared]) => declared));
    const numbers = names.flatMap((each, i) => (left.has(each) ? [i] : []));
    if (numbers.length !== left.size) throw new Error(`src/portable: the pieces of ${name} are not those of the whole`);
    return [name, { local: locals[name], pieces: numbers }];
  };
  const roots = Object.fromEntries(await Promise.all(Object.keys(locals).sort().map(rootOf)));
  const pieces = await Promise.all(
    statementsOf(whole).map(async ([, text]) => {
      const { code } = await transform(text, { minifyWhitespace: true, minifySyntax: true, target: TARGET });
      return code.trim();
    }),
  );
  const table = Object.fromEntries(
    activations.map(({ name, own, apart, kernels }) => [
      name,
      { root: `activation_${own}`, apart, kernels: needed(kernels) },
    ]),
  );
  const layerKernels = Object.fromEntries(ofLayers.map(({ name, kernels }) => [name, needed(kernels)]));
  const lines = (record) =>
    Object.entries(record)
      .map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`)
      .join('\n');
  return [
    PORTABLE,
    `// Generated by scripts/portable.mjs from src/portable/; do not edit.

/** Statements in their order. */
export const PIECES: readonly string[] = [
${pieces.map((piece) => `  ${JSON.stringify(piece)},`).join('\n')}
];

/** What there is, by its name: what it is called in the pieces, and those that it needs. */
export const ROOTS: Readonly<Record<string, { readonly local: string; readonly pieces: readonly number[] }>> = {
${lines(roots)}
};

/** The kernels that a forward pass calls; whether logits need a buffer of their own. */
export const ACTIVATIONS: Readonly<
  Record<string, { readonly root: string; readonly apart: boolean; readonly kernels: readonly string[] }>
> = {
${lines(table)}
};

export const LAYERS: Readonly<Record<string, readonly string[]>> = {
${lines(layerKernels)}
};
`,
  ];
}
