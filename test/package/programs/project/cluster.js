// The program in a worker of a cluster.

import cluster from 'node:cluster';

if (cluster.isPrimary) cluster.fork();
else import('./program.js').then(() => cluster.worker?.disconnect());
