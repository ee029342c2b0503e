// Prints how many milliseconds a fresh process takes to import an entry, and to have its first result if asked.

const [, , entry, measured] = process.argv;
const start = performance.now();
const { forwardAndBackward } = await import(entry);
if (measured === 'first-result') {
  forwardAndBackward(
    [[0.1, 0.2]],
    [[0.3]],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[1], [2], [3]],
  );
}
console.log(performance.now() - start);
