// Trains with the options that it is called with, and prints what came of it.

import * as bitgrad from 'bitgrad';
import { training } from './training.js';

training(bitgrad, JSON.parse(process.argv[2])).then(
  (result) => console.log(JSON.stringify(result)),
  ({ name, message }) => console.log(JSON.stringify({ error: `${name}: ${message}` })),
);
