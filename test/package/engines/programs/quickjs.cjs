// QuickJS as a program: runs a script, and prints what that prints. Where it is comes first, then the script.

const { readFileSync } = require('node:fs');
const [, , engine, script] = process.argv;

require(engine)
  .getQuickJS()
  .then((QuickJS) => {
    const vm = QuickJS.newContext();
    const print = vm.newFunction('print', (text) => console.log(vm.dump(text)));
    vm.setProp(vm.global, 'print', print);
    vm.unwrapResult(vm.evalCode(readFileSync(script, 'utf8'), script));
    const { error } = vm.runtime.executePendingJobs();
    if (error) throw new Error(JSON.stringify(vm.dump(error)));
  });
