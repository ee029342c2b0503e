// The families that training adds: a module of their own over the same memory, so that who does not train does not load them.

export * from './optimizers';
export * from './scaling';
export * from './gather';
export * from './sparse';
