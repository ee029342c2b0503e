// Reads a line of a table, whose grammar table.ts has: for the build, tests and benchmarks, and for training, which
// divides kernels' calls.

/** A size; `atMost` a number, `atLeast` another size. */
export interface Size {
  readonly role: 'size';
  readonly name: string;
  readonly atMost?: number;
  readonly atLeast?: string;
}

/** A number; `rounded` to the dtype as it is handed over, or by the kernel. */
export interface Scalar {
  readonly role: 'scalar';
  readonly name: string;
  readonly rounded: boolean;
  readonly positive: boolean;
  /** Whether it is the first row's number, which grows from row to row. */
  readonly counts?: true;
}

/** The address of elements: as many as `shape`'s factors make, each a size's name or a number. */
export interface Operand {
  readonly role: 'input' | 'output';
  readonly name: string;
  readonly shape: readonly string[];
  /** Its address may be 0: then it is not there. */
  readonly optional: boolean;
  /** An output that is read before it is written. */
  readonly updated: boolean;
  /** 32-bit integers from 0 to below that size instead of elements. */
  readonly below?: string;
  /** 32-bit offsets instead, one more than `shape` says: ascending, up to that size. */
  readonly upTo?: string;
}

/** The address of scratch memory. */
export interface Work {
  readonly role: 'work';
  readonly name: 'work';
}

export type Argument = Size | Scalar | Operand | Work;

export interface Signature {
  /** In the order in which they are handed over. */
  readonly args: readonly Argument[];
  readonly sizes: readonly Size[];
  readonly scalars: readonly Scalar[];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Sizes that shapes and bounds name and that are no arguments. */
  readonly free: readonly string[];
  /** Whether it takes scratch memory. */
  readonly work: boolean;
  /** `T`: a number of the dtype; `flag`: 1 or 0. */
  readonly returns: 'T' | 'flag' | undefined;
}

const WORD =
  /^(?<plus>\+?)(?<name>[a-z]\w*)(?<optional>\??)(?:<=(?<atMost>\d+)|>=(?<atLeast>[a-z]\w*)|(?<positive>>0)?:(?<of>[\w*]+)(?:<(?<below>[a-z]\w*)|\^(?<upTo>[a-z]\w*))?)?$/;

/** @throws {Error} naming a word that is none of table.ts's */
export function parse(line: string): Signature {
  const args: Argument[] = [];
  let returns: Signature['returns'];
  let role: 'input' | 'output' | undefined;
  for (const word of line.split(' ')) {
    if (word === '|') role = 'input';
    else if (word === '->') role = 'output';
    else if (role === 'output' && (word === 'T' || word === 'flag')) returns = word;
    else if (role === 'output' && word === 'work') args.push({ role: 'work', name: word });
    else args.push(argument(word, role, line));
  }
  const of = <R extends Argument['role']>(role: R) =>
    args.filter((arg): arg is Extract<Argument, { role: R }> => arg.role === role);
  const [sizes, inputs, outputs] = [of('size'), of('input'), of('output')] as [Size[], Operand[], Operand[]];
  const named = [...inputs, ...outputs]
    .flatMap(({ shape, below, upTo }) => [...shape, below, upTo])
    .filter((name) => name !== undefined);
  const free = new Set(named.filter((name) => !/^\d/.test(name) && !sizes.some((size) => size.name === name)));
  return {
    args,
    sizes,
    scalars: of('scalar'),
    inputs,
    outputs,
    free: [...free],
    work: args.some((arg) => arg.role === 'work'),
    returns,
  };
}

function argument(word: string, role: 'input' | 'output' | undefined, line: string): Argument {
  const groups = WORD.exec(word)?.groups;
  if (!groups) throw new Error(`"${word}" in "${line}" is not a word of a kernel's line`);
  const { plus, name, optional, atMost, atLeast, positive, of, below, upTo } = groups;
  if (of === undefined) {
    return { role: 'size', name, ...(atMost && { atMost: Number(atMost) }), ...(atLeast && { atLeast }) };
  }
  if (!role) {
    const counts = of === 'row' && { counts: true as const };
    return { role: 'scalar', name, rounded: of === 'T', positive: positive !== undefined, ...counts };
  }
  return {
    role,
    name,
    shape: of.split('*'),
    optional: optional !== '',
    updated: plus !== '',
    ...(below && { below }),
    ...(upTo && { upTo }),
  };
}
