// Imported before all else: keeps what ends in the console.

/** @type {string[]} */
export const said = [];

for (const level of /** @type {const} */ (['error', 'warn'])) {
  const print = console[level];
  console[level] = (...words) => {
    said.push(words.join(' '));
    print(...words);
  };
}
addEventListener('error', ({ message }) => said.push(message));
addEventListener('unhandledrejection', ({ reason }) => said.push(String(reason)));
