// Prints how many milliseconds a fresh process takes to import an entry, and to have its first result if asked; or the first
// view of linear memory alone, once it has an engine.

const [, , entry, measured] = process.argv;
const start = performance.now();
const { forwardAndBackward, zeros } = await import(entry);
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
let from = start;
if (measured === 'view') {
  const matrix = zeros(10, 10);
  from = performance.now();
  matrix.data.fill(1);
}
console.log(performance.now() - from);
