// Trusted Types: pages that require them take a worker's address from a policy alone, which they name in a header.

interface Policy {
  createScriptURL(url: string): string;
}

interface Page {
  readonly trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  Worker: new (url: string, options: object) => object;
}

/** Of a page that was found to require one; there is no asking, and a page without is left as it is. */
let policy: Policy | undefined;

/**
 * What `start` returns, which makes a worker of this package.
 *
 * @throws what it throws, if the page requires a policy and does not allow bitgrad's
 */
export function trusted<T>(start: () => T): T {
  const page = globalThis as unknown as Page;
  try {
    if (!policy) return start();
  } catch (error) {
    if ((error as Error).name !== 'TypeError' || !page.trustedTypes) throw error;
    try {
      policy = page.trustedTypes.createPolicy('bitgrad', { createScriptURL: (url) => url });
    } catch {
      throw error;
    }
  }
  const vouching = policy;
  const { Worker } = page;
  // For as long as `start` takes, which nothing else runs in: the address is in its words, which bundlers look for and change.
  page.Worker = new Proxy(Worker, {
    construct: (_, [url, options]) => new Worker(vouching.createScriptURL(url), options),
  });
  try {
    return start();
  } finally {
    page.Worker = Worker;
  }
}
