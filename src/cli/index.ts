#!/usr/bin/env node
// The command line: npx bitgrad.

console.log('bitgrad');
