// README's table of hosts, from what the checks saw: node .ci/hosts.mjs write, or check, which fails if README says something else.
//
// Each check that compares hashes of test/golden.json on a host appends a line of JSON for each backend to build/hosts.jsonl:
// { host, version, backend, hashes, equal }. The version is left out where it is not ours to choose; of others the table has the major one.

import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../README.md', import.meta.url);
const SEEN = new URL('../build/hosts.jsonl', import.meta.url);
const BACKENDS = { wasm: 'WebAssembly', ts: 'TypeScript' };
const MARKED = /(<!-- hosts: .ci\/hosts.mjs writes this -->\n)[\s\S]*?(<!-- \/hosts -->)/;

/** Of a host's lines with one backend: the least that any of them has. */
function cell(lines) {
  if (lines.length === 0) return 'none there';
  const equal = Math.min(...lines.map((line) => line.equal));
  return `${equal} of ${Math.max(...lines.map((line) => line.hashes))}`;
}

function table(lines) {
  const hosts = [...new Set(lines.map(({ host }) => host))].sort((a, b) => a.localeCompare(b, 'en'));
  const rows = hosts.map((host) => {
    const own = lines.filter((line) => line.host === host);
    const versions = own.flatMap(({ version }) => (version === undefined ? [] : [Number.parseInt(version, 10)]));
    const majors = [...new Set(versions)].sort((a, b) => a - b).join(', ');
    const cells = Object.keys(BACKENDS).map((backend) => cell(own.filter((line) => line.backend === backend)));
    return [host, majors, ...cells];
  });
  const head = ['host', 'version', ...Object.values(BACKENDS)];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const readme = readFileSync(README, 'utf8');
if (!MARKED.test(readme)) throw new Error('README.md has no place for the table');
const seen = readFileSync(SEEN, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const written = readme.replace(MARKED, (_, start, end) => start + table(seen) + end);
if (process.argv[2] === 'write') writeFileSync(README, written);
else if (written === readme) console.log(`README.md says what ${seen.length} runs on hosts saw`);
else {
  console.error(
    `README.md says something else than the checks saw, after which node .ci/hosts.mjs write writes:\n${table(seen)}`,
  );
  process.exitCode = 1;
}
