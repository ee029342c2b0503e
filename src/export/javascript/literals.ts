// Values as JavaScript: what JSON has, and the numbers that it has not.

/** Its text, which gives back its bits; members that are undefined are left out. */
export function literal(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value).replace(/^(-?)0\./, '$1.');
  if (Array.isArray(value)) return `[${value.map(literal).join(',')}]`;
  if (Object(value) === value) {
    const members = Object.entries(value as object).filter(([, each]) => each !== undefined);
    return `{${members.map(([name, each]) => `${name}:${literal(each)}`).join(',')}}`;
  }
  // Not what ends a <script> when the module is put into a page.
  return JSON.stringify(value)
    .replace(/<(?=[/!])/g, '\\u003C')
    .replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}
