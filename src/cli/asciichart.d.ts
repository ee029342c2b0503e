// asciichart brings no types.

declare module 'asciichart' {
  export function plot(
    series: readonly number[] | readonly (readonly number[])[],
    options?: { height?: number; offset?: number; min?: number; max?: number; format?(value: number): string },
  ): string;
}
