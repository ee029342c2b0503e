// Prints the milliseconds from before the import to the first result, in a process that has done nothing else.

const start = performance.now();
const { forwardAndBackward } = await import(process.argv[2] ?? 'bitgrad');
forwardAndBackward(
  [[0.1, 0.2]],
  [[0.3]],
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [[1], [2], [3]],
);
console.log(performance.now() - start);
