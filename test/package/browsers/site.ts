// What serves the pages, and hears what they report.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Golden } from '../../golden.mjs';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };

/** Pages that are served in a way of their own, under a name. */
export interface Site {
  /** The folder that they lie in. */
  readonly folder: string;
  /** Sent with each file. */
  readonly headers?: Record<string, string>;
  /** Instead of the files that end so: their contents, or undefined where there is none. */
  readonly replaced?: Record<string, string | undefined>;
  /** Sent with the files that end so. */
  readonly headersOf?: Record<string, Record<string, string>>;
}

/** The longest time in ms between two timers, and of a task, where the browser tells of them. */
interface Longest {
  readonly wait: number;
  readonly task?: number;
}

export interface Smoothness {
  readonly ran: object;
  /** How long it trained. */
  readonly ms: number;
  /** While it was held up on purpose, and from the call of fit to its end. */
  readonly held: Longest;
  readonly fit: Longest;
}

/** What the realm of a training has. */
export interface Realm {
  readonly workers: boolean;
  readonly trustedTypes: boolean;
  readonly isolated: boolean;
  /** Whether its workers have workers, and memory with them: where that was asked. */
  readonly shares?: boolean;
  /** Whether its `Worker` is what it was before. */
  readonly untouched: boolean;
}

export interface Report {
  readonly ran?: { where: string; backend: string; reason?: string };
  readonly hash?: string;
  readonly error?: string;
  readonly seconds: number;
  /** What ended in the console. */
  readonly said: string[];
  readonly has?: Realm;
  readonly trainings?: { ran: object; hash: string; reason: string }[];
  readonly golden?: Golden;
  readonly kernels?: { backend: string; reason: string };
  readonly estimator?: object;
  readonly smoothness?: Smoothness;
}

/** A page that shows those that it is told of: to start a browser for each takes longer than they do. */
const DRIVER = `<!doctype html><meta charset="utf-8"><script type="module">
  while (true) {
    const frame = document.createElement('iframe');
    frame.src = await (await fetch(location.pathname.replace('driver', 'next'))).text();
    document.body.append(frame);
  }
</script>`;

/** What waits for what. */
class Queue {
  readonly #urls: string[] = [];
  #asking: ((url: string) => void) | undefined;

  put(url: string): void {
    if (!this.#asking) this.#urls.push(url);
    this.#asking?.(url);
    this.#asking = undefined;
  }

  next(): Promise<string> {
    const [url] = this.#urls.splice(0, 1);
    return url === undefined ? new Promise((resolve) => (this.#asking = resolve)) : Promise.resolve(url);
  }
}

const endOf = <T>(path: string, by: Record<string, T> = {}): [T] | undefined => {
  const key = Object.keys(by).find((end) => path.endsWith(end));
  return key === undefined ? undefined : [by[key]];
};

/** A server of them all: `/name/file`, `/report/number`, and for each browser `/driver/name`. */
export class Sites {
  readonly #sites = new Map<string, Site>();
  readonly #server: Server;
  readonly #reports = new Map<string, (report: Report) => void>();
  readonly #queues = new Map<string, Queue>();
  #count = 0;

  constructor() {
    this.#server = createServer(async (request, response) => {
      response.setHeader('access-control-allow-origin', '*');
      const [, name, ...rest] = new URL(request.url ?? '/', 'http://site').pathname.split('/');
      if (request.method === 'POST') {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part);
        this.#reports.get(rest.join('/'))?.(JSON.parse(Buffer.concat(parts).toString()));
        return response.end();
      }
      if (name === 'driver') return response.writeHead(200, { 'content-type': 'text/html' }).end(DRIVER);
      if (name === 'next') return response.end(await this.#queue(rest[0]).next());
      const site = this.#sites.get(name);
      const path = rest.join('/');
      try {
        if (!site) throw new Error('no such site');
        const replaced = endOf(path, site.replaced);
        const body = replaced ? replaced[0] : await readFile(join(site.folder, path));
        if (body === undefined) throw new Error('it is not there');
        const headers = { ...site.headers, ...endOf(path, site.headersOf)?.[0] };
        response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers });
        return response.end(body);
      } catch {
        return response.writeHead(404).end();
      }
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, resolve));
  }

  #queue(browser: string): Queue {
    const queue = this.#queues.get(browser) ?? new Queue();
    this.#queues.set(browser, queue);
    return queue;
  }

  /** Has a page shown by the driver in that browser. */
  show(browser: string, url: string): void {
    this.#queue(browser).put(url);
  }

  add(name: string, site: Site): void {
    this.#sites.set(name, site);
  }

  /** Its origin, by either of this machine's names: to a browser they are two. */
  origin(host: '127.0.0.1' | 'localhost' = '127.0.0.1'): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A page's address with what it is to do, and what it will report. */
  ask(page: string, options: object): { url: string; report: Promise<Report> } {
    const id = String(this.#count++);
    const report = new Promise<Report>((resolve) => this.#reports.set(id, resolve));
    const query = new URLSearchParams({ options: JSON.stringify(options), report: `${this.origin()}/report/${id}` });
    return { url: `${new URL(page, this.origin())}?${query}`, report };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
