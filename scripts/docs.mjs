// npm run docs: the API reference, into build/api, by TypeDoc. It reads sources with a TypeScript older than the project's, whose 7 has no
// API for programs: so both are installed into .ci/docs, when they are first asked for. A public name without a docstring fails it,
// as do a link to nothing and a type that a signature names and nobody can look up.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { root } from './sources.mjs';

process.chdir(fileURLToPath(root));

const FOLDER = '.ci/docs';
const OUT = 'build/api';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** As in setup.mjs: npm keeps what it installed in node_modules/.package-lock.json. */
function isInstalled() {
  if (!existsSync(`${FOLDER}/node_modules/.package-lock.json`)) return false;
  const installed = read(`${FOLDER}/node_modules/.package-lock.json`).packages;
  const wanted = Object.entries(read(`${FOLDER}/package-lock.json`).packages).filter(([path]) => path);
  return wanted.every(([path, { integrity }]) => installed[path]?.integrity === integrity);
}

function install() {
  const args = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'];
  // The npm that runs this, if one does: on Windows a bare "npm" is a shell script.
  const npm = process.env.npm_execpath ?? '';
  const { status } = /npm-cli\.c?js$/.test(npm)
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error(`bitgrad: npm ci in ${FOLDER} failed; no reference was written`);
  process.exit(1);
}

/** Every entry that exports names, by its source, whose first comment says what it is for. */
const entries = Object.entries(read('package.json').exports)
  .filter(([name, { require }]) => require && !/\.wasm$|^\.\/worker$/.test(name))
  .map(([name, { require }]) => {
    const source = require.types.replace('./dist/cjs/', 'src/').replace(/\.d\.ts$/, '.ts');
    const [, text] = /^\/\/ \S+: (.*(?:\n\/\/ .*)*)/.exec(readFileSync(source, 'utf8'));
    return { name: name.replace('.', 'bitgrad'), source, text: text.replaceAll('\n//', '') };
  });

/** Types on the way to others, tables that types are names of: signatures name them, and nobody needs to. */
const notExported = Object.entries(read(`${FOLDER}/not-exported.json`)).flatMap(([file, names]) =>
  names.map((name) => `${file}:${name}`),
);

if (!isInstalled()) install();
const { Application, Comment, Converter, ReflectionKind } = await import(
  new URL(`${FOLDER}/node_modules/typedoc/dist/index.js`, root).href
);

const app = await Application.bootstrap({
  name: 'bitgrad',
  entryPoints: entries.map(({ source }) => source),
  tsconfig: `${FOLDER}/tsconfig.json`,
  readme: 'none',
  includeVersion: true,
  hideGenerator: true,
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  intentionallyNotExported: notExported,
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Property', 'Method', 'Accessor'],
});

const all = (project, kinds = ReflectionKind.All) => project.getReflectionsByKind(kinds);
const membersOf = (reflection) => reflection?.children ?? [];
const commentOf = ({ comment, getSignature }) => comment ?? getSignature?.comment;

/** A class's own symbols are for other classes of the package; `using` is for everyone. */
function dropInnerSymbols(project) {
  const inner = all(project).filter(({ name }) => name.startsWith('[') && !/dispose/i.test(name));
  for (const each of inner) project.removeReflection(each);
}

/** What is said of a function's first form holds of the others. */
function shareAmongForms(project) {
  for (const { signatures = [], getSignature, setSignature } of all(project)) {
    const first = signatures.find(({ comment }) => comment)?.comment;
    for (const form of signatures) form.comment ??= first?.clone();
    if (setSignature) setSignature.comment ??= getSignature?.comment?.clone();
  }
}

/** A parameter that an object keeps, and what is saved of it, have the docstring of the option: it is said once. */
function shareAmongOptions(project) {
  const saved = all(project, ReflectionKind.Interface).filter(({ name }) => name.endsWith('JSON'));
  for (const each of all(project, ReflectionKind.Class)) {
    const made = membersOf(each).find(({ kind }) => kind === ReflectionKind.Constructor);
    const options = made?.signatures[0].parameters?.flatMap(({ type }) => membersOf(type?.reflection)) ?? [];
    const json = saved.filter(({ name }) => name === `${each.name}JSON`).flatMap(membersOf);
    const known = [...membersOf(each), ...options].filter(commentOf);
    const comments = new Map(known.map((member) => [member.name, commentOf(member)]));
    for (const member of [...membersOf(each), ...json]) {
      if (!commentOf(member)) member.comment = comments.get(member.name)?.clone();
    }
  }
}

/** An object's fields, where it is a member's, are told of where that member is: a docstring without words is enough for them. */
function pardonFields(project) {
  const fields = all(project, ReflectionKind.Property | ReflectionKind.Method).filter(({ parent }) =>
    parent.kindOf(ReflectionKind.TypeLiteral),
  );
  for (const each of fields.flatMap((field) => field.signatures ?? field)) {
    each.comment ??= new Comment([{ kind: 'text', text: ' ' }]);
  }
}

app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const sources = [`src/${reflection.name}.ts`, `src/${reflection.name}/index.ts`];
  const { name, text } = entries.find(({ source }) => sources.includes(source));
  reflection.name = name;
  reflection.comment = new Comment([{ kind: 'text', text }]);
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => dropInnerSymbols(project));
app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
  for (const share of [shareAmongForms, shareAmongOptions, pardonFields]) share(project);
});

const project = await app.convert();
if (project) app.validate(project);
const isWhole = () => project && !app.logger.hasErrors() && !app.logger.hasWarnings();
if (isWhole()) await app.generateDocs(project, OUT);
if (!isWhole()) {
  console.error('bitgrad: the reference is not whole: every public name wants a docstring, and every link an end');
  process.exit(1);
}
