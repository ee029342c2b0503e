#!/usr/bin/env node
// The command line: npx bitgrad.

import { main } from './main.js';

await main(process.argv.slice(2));
