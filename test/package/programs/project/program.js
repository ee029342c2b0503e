// Prints what the trial says with the options that it is called with.

import * as bitgrad from 'bitgrad';
import { trial } from './trial.js';

trial(bitgrad, JSON.parse(process.argv[2])).then(
  (all) => console.log(JSON.stringify(all)),
  ({ name, message, cause }) => console.log(JSON.stringify({ error: `${name}: ${message}`, cause: cause?.message })),
);
