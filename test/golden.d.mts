// Types of golden.mjs, which is plain JavaScript so that every runtime can run it as it is.

export type Golden = Record<string, string>;
export function computeGolden(api: object, functions?: object, threads?: number[]): Promise<Golden>;
export function computeTrainings(api: object, background: boolean): Promise<Golden>;
export function differences(golden: Golden, expected: Golden): string[];
