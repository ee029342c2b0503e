// Imported before anything that makes an engine: whatever this process and those it starts compare, they do on one thread each,
// unless a subject is asked for more.

process.env.BITGRAD_THREADS = '1';
