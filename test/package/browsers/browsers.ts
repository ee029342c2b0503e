// Browsers without a window.

import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A browser that was asked to end has so long. */
const ENDING_MS = 1000;

export interface Browser {
  readonly name: string;
  /** What is called; undefined: it is not there. */
  readonly path: string | undefined;
  /** Whether a service worker may be a module. */
  readonly serviceModules: boolean;
  readonly args: (profile: string, url: string) => string[];
  /** A line that it prints of what stands in a console, a worker's too; undefined: it prints none. */
  readonly console?: RegExp;
}

function find(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1'];
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

const miniBrowser = find('MiniBrowser');

export const BROWSERS: readonly Browser[] = [
  {
    name: 'Chromium',
    path: find('chromium', 'chromium-browser', 'google-chrome'),
    serviceModules: true,
    args: (profile, url) => [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--enable-logging=stderr', `--user-data-dir=${profile}`, url],
    ],
    console: /:CONSOLE/,
  },
  {
    name: 'Firefox',
    path: find('firefox-esr', 'firefox'),
    serviceModules: false,
    args: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url],
  },
  {
    name: 'WebKit',
    // It is never without a window, and gets a screen that nobody sees.
    path: miniBrowser && find('xvfb-run'),
    serviceModules: true,
    args: (profile, url) => [
      ...['-a', 'env', `HOME=${profile}`, `XDG_RUNTIME_DIR=${profile}`],
      ...[miniBrowser as string, url],
    ],
  },
];

/** Opens a page; what is returned closes the browser, and gives what it printed of its console. */
export function open({ path, args, console }: Browser, url: string): () => Promise<string[]> {
  const profile = mkdtempSync(join(tmpdir(), 'bitgrad-browser-'));
  // What is left of it is in its profile, and goes with that.
  const env = { ...process.env, TMPDIR: profile };
  const child = spawn(path as string, args(profile, url), { detached: true, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const kill = (signal: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-(child.pid as number), signal); // all of its processes: they are a group
    } catch {
      // All have ended.
    }
  };
  return async () => {
    // A screen removes its lock if it is asked to end.
    kill('SIGTERM');
    await Promise.race([ended, setTimeout(ENDING_MS)]);
    kill('SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    return said.split('\n').filter((line) => console?.test(line));
  };
}
