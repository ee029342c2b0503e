// Has tasks.js run in the realm that the page's address names.

const { search } = location;
// Whole, because a frame of no origin has no address for a script to start from.
const program = new URL(`tasks.js${search}`, location.href).href;
const { realm, ...options } = JSON.parse(String(new URLSearchParams(search).get('options')));

/** @type {Record<string, () => unknown>} */
const START = {
  page: () => import(program),
  worker: () => new Worker(program, { type: 'module' }),
  'shared worker': () => new SharedWorker(program, { type: 'module' }),
  'service module': () => navigator.serviceWorker.register(program, { type: 'module' }),
  'service worker': () => navigator.serviceWorker.register(`service.js${search}`),
  'sandboxed frame'() {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    const inFrame = new URL(location.href);
    inFrame.searchParams.set('options', JSON.stringify({ ...options, realm: 'page' }));
    frame.src = inFrame.href;
    return document.documentElement.appendChild(frame);
  },
};

// Kept: nobody else holds a worker.
Object.assign(globalThis, { started: START[realm]() });
