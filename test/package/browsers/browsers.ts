// Browsers without a window.

import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const CHROMIUM_FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];

export interface Browser {
  readonly name: string;
  /** Where it is; undefined: nowhere. */
  readonly path: string | undefined;
  /** Whether a service worker may be a module. */
  readonly serviceModules: boolean;
  readonly args: (profile: string, url: string) => string[];
}

function find(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export const BROWSERS: readonly Browser[] = [
  {
    name: 'Chromium',
    path: find('chromium', 'chromium-browser', 'google-chrome'),
    serviceModules: true,
    args: (profile, url) => [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, url],
  },
  {
    name: 'Firefox',
    path: find('firefox-esr', 'firefox'),
    serviceModules: false,
    args: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url],
  },
];

/** Opens a page; what is returned closes the browser, and says what it printed. */
export function open({ path, args }: Browser, url: string): () => Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'bitgrad-browser-'));
  const child = spawn(path as string, args(profile, url), { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-2000);
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return async () => {
    // All of its processes: they are a group.
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    return said;
  };
}
