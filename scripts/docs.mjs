// npm run docs: the API reference, into build/api, by TypeDoc. It reads sources with a TypeScript older than the project's, whose 7 has no
// API for programs: so both are installed into .ci/docs, when they are first asked for. A public name without a docstring fails it,
// as do a link to nothing and a type that a signature names and nobody can look up.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from './sources.mjs';

process.chdir(fileURLToPath(root));

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { exports } = read('package.json');

/** As in setup.mjs: npm keeps what it installed in node_modules/.package-lock.json. */
function isInstalled(folder) {
  if (!existsSync(`${folder}/node_modules/.package-lock.json`)) return false;
  const installed = read(`${folder}/node_modules/.package-lock.json`).packages;
  const wanted = Object.entries(read(`${folder}/package-lock.json`).packages).filter(([path]) => path);
  return wanted.every(([path, { integrity }]) => installed[path]?.integrity === integrity);
}

function install(folder) {
  const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  // The npm that runs this, if one does: on Windows a bare "npm" is a shell script.
  const npm = process.env.npm_execpath ?? '';
  const { status } = /npm-cli\.c?js$/.test(npm)
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed`);
}

/** Every entry that exports names, by its source: what it is for stands there in the first comment. */
const entries = Object.entries(exports)
  .filter(([name, entry]) => entry.require && !/\.wasm$|worker$/.test(name))
  .map(([name, { require }]) => {
    const source = require.types.replace('./dist/cjs/', 'src/').replace('.d.ts', '.ts');
    const [, text] = /^\/\/ \S+: (.*(?:\n\/\/ .*)*)/.exec(readFileSync(source, 'utf8'));
    return { name: name.replace('.', 'bitgrad'), source, text: text.replaceAll('\n//', '') };
  });

/** What signatures name and nobody needs to: tables of names, and steps of types on the way to another. */
const NOT_EXPORTED = read('.ci/docs/not-exported.json');

const folder = '.ci/docs';
if (!isInstalled(folder)) install(folder);
const typedoc = await import(pathToFileURL(`${folder}/node_modules/typedoc/dist/index.js`).href);
const { Application, Comment, Converter, ReflectionKind } = typedoc;

const app = await Application.bootstrap({
  name: 'bitgrad',
  entryPoints: entries.map(({ source }) => source),
  tsconfig: `${folder}/tsconfig.json`,
  readme: 'none',
  includeVersion: true,
  hideGenerator: true,
  disableSources: process.argv[2] !== '--json',
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  intentionallyNotExported: NOT_EXPORTED,
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Property', 'Method', 'Accessor'],
  treatValidationWarningsAsErrors: true,
  treatWarningsAsErrors: true,
});
/** A class's own symbols are for other classes of the package; `using` is for everyone. */
const isInner = ({ name }) => name.startsWith('[') && !/dispose/i.test(name);

/** The members of a class, of an interface, or of what an alias stands for. */
const membersOf = (reflection) => reflection?.children ?? [];

/** What is said of a function's first form holds of the others. */
function shareAmongForms(project) {
  for (const { signatures = [], getSignature, setSignature } of project.getReflectionsByKind(ReflectionKind.All)) {
    const first = signatures.find(({ comment }) => comment)?.comment;
    for (const form of signatures) form.comment ??= first?.clone();
    if (setSignature) setSignature.comment ??= getSignature?.comment?.clone();
  }
}

/** Fields of an object that is a member's are told of where that member is: a docstring without words is enough for them. */
function pardonFields(project) {
  for (const field of project.getReflectionsByKind(ReflectionKind.Property)) {
    if (field.parent.kindOf(ReflectionKind.TypeLiteral)) field.comment ??= new Comment([{ kind: 'text', text: '' }]);
  }
}

/** A parameter that is kept, and what is saved of it, have the docstring of the option: it is said once. */
function shareDocstrings(project) {
  const classes = project.getReflectionsByKind(ReflectionKind.Class);
  const saved = project.getReflectionsByKind(ReflectionKind.Interface).filter(({ name }) => name.endsWith('JSON'));
  for (const each of classes) {
    const made = membersOf(each).find(({ kind }) => kind === ReflectionKind.Constructor);
    const options = made?.signatures[0].parameters?.flatMap(({ type }) => membersOf(type?.reflection)) ?? [];
    const json = saved.filter(({ name }) => name === `${each.name}JSON`).flatMap(membersOf);
    const documented = new Map(
      [...membersOf(each), ...options].filter(commentOf).map((member) => [member.name, commentOf(member)]),
    );
    for (const member of [...membersOf(each), ...json]) {
      if (!commentOf(member) && documented.has(member.name)) member.comment = documented.get(member.name).clone();
    }
  }
}
const commentOf = ({ comment, getSignature }) => comment ?? getSignature?.comment;

app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const entry = entries.find(({ source }) =>
    [`src/${reflection.name}.ts`, `src/${reflection.name}/index.ts`].includes(source),
  );
  reflection.name = entry.name;
  reflection.comment = new Comment([{ kind: 'text', text: entry.text }]);
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const each of project.getReflectionsByKind(ReflectionKind.All).filter(isInner)) project.removeReflection(each);
});
app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
  shareAmongForms(project);
  shareDocstrings(project);
  pardonFields(project);
});
const project = await app.convert();
if (project) app.validate(project);
if (process.argv[2] === '--json') await app.generateJson(project, process.argv[3]);
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
await app.generateDocs(project, 'build/api');
