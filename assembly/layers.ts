// The families that further layers add: a module of their own over the same memory, so that who does without does not load them.
// Its constants lie behind the core's: asconfig.json says where.

export * from './activations';
export * from './further-losses';
export * from './dropout';
export * from './embed';
export * from './norm';
export * from './normal';
