/** The program of a worker, as the build writes it: for hosts that start it from text. */
export const source: string;
