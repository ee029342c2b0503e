import type { PortableLayer } from '../layer.js';

/** A prediction's dropout, which drops nothing, and where a skip begins. */
export const same = (outputs: number): PortableLayer => ({
  outputs,
  forward({ k, rows }, x, h) {
    k.copy_block(rows, outputs, x, outputs, h, outputs);
  },
});

/** @param skip the place of what is added */
export const add = (outputs: number, skip: number): PortableLayer => ({
  outputs,
  forward(room, x, h) {
    const { k, rows } = room;
    k.copy_block(rows, outputs, x, outputs, h, outputs);
    k.axpy(rows * outputs, 1, room.h[skip], h);
  },
});
