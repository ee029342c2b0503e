// Compiles a program of contest/native for this machine, against a library of the system's. It installs nothing.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What each is linked with, the header that shows whether it is there, and how a reader of the table gets it. */
const LIBRARIES: Record<string, { header: string; library: string; get: string }> = {
  fann: { header: 'fann.h', library: 'fann', get: 'apt-get install libfann-dev' },
  onednn: { header: 'dnnl.h', library: 'dnnl', get: 'apt-get install libdnnl-dev' },
};

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** For headers that do not say. */
function versionOf(library: string): string {
  const { stdout, status } = spawnSync('pkg-config', ['--modversion', library], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'version unknown';
}

/** The path of the program. @throws saying what is missing */
export function compile(name: string): string {
  const { header, library, get } = LIBRARIES[name];
  const test = spawnSync('cc', ['-E', '-x', 'c', '-'], { input: `#include <${header}>\n`, stdio: 'pipe' });
  if (test.error) throw new Error('there is no C compiler "cc": apt-get install gcc libc6-dev');
  if (test.status !== 0) throw new Error(`${header} is not installed: ${get}`);
  mkdirSync(pathOf('../../build/peers'), { recursive: true });
  const program = pathOf(`../../build/peers/${name}`);
  const flags = ['-O3', '-march=native', '-Wall', `-DPACKAGE_VERSION="${versionOf(library)}"`];
  try {
    const files = ['-o', program, pathOf(`native/${name}.c`), `-l${library}`, '-lm'];
    execFileSync('cc', [...flags, ...files], { stdio: 'pipe' });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    const [why = 'cc failed'] = `${stderr ?? ''}`.split('\n').filter((line) => /error|undefined/.test(line));
    throw new Error(`contest/native/${name}.c does not compile: ${why}`);
  }
  return program;
}
