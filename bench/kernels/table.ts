// The lines of the kernels and what reads them, until src/kernels has a table: then this file goes, and its three imports are
// src/kernels/core.js, training.js and signature.js.

export const CORE = {
  dot: 'n<=4096 | x:n y:n -> T',
  squared_error: 'n<=4096 | x:n y:n -> T',
  gemm_nn: 'm n k | a:m*lda lda>=k b:k*ldb ldb>=n -> c:m*ldc ldc>=n work',
  gemm_nt: 'm n k | a:m*lda lda>=k b:n*ldb ldb>=k -> c:m*ldc ldc>=n work',
  gemm_tn: 'm n k | a:k*lda lda>=m b:k*ldb ldb>=n -> c:m*ldc ldc>=n work',
  gemm_tt: 'm n k | a:k*lda lda>=m b:n*ldb ldb>=k -> c:m*ldc ldc>=n work',
  exp: 'n | x:n -> y:n',
  sigmoid: 'n | x:n -> y:n',
  expm1: 'n | x:n -> y:n',
  tanh: 'n | x:n -> y:n',
  log: 'n | x:n -> y:n',
  log1p: 'n | x:n -> y:n',
  sigmoid_derivative: 'n | s:n -> y:n',
  output_delta: 'n | y:n o:n -> d:n',
  hidden_delta: 'n | e:n h:n -> d:n',
  axpy: 'n alpha:T | x:n -> +y:n',
  axpy_sign: 'n alpha:T | x:n -> +y:n',
  average: 'n total:f64 | x:n -> y:n flag',
  multiply: 'n | x:n y:n -> p:n',
  dense_forward: 'rows inputs units | x:rows*inputs w:inputs*units b?:units -> z:rows*units work',
  dense_backward: 'rows inputs units | x:rows*inputs d:rows*units -> dw:inputs*units db?:units work',
  dense_input: 'rows inputs units | d:rows*units w:inputs*units -> e:rows*inputs work',
  relu: 'n | z:n -> h:n',
  relu_delta: 'n | e:n h:n -> d:n',
  leaky_relu: 'n alpha:T | z:n -> h:n',
  leaky_relu_delta: 'n alpha:T | e:n h:n -> d:n',
  elu: 'n alpha:T | z:n t:n -> h:n',
  elu_delta: 'n alpha:T | e:n h:n -> d:n',
  tanh_delta: 'n | e:n h:n -> d:n',
  minus_abs: 'n | z:n -> t:n',
  softplus: 'n | z:n t:n -> h:n',
  gelu_argument: 'n | z:n -> v:n',
  gelu_slope: 'n | z:n g:n h:n -> s:n',
  silu_slope: 'n | g:n h:n -> s:n',
  squared_loss: 'n c:T | y:n o:n -> d:n t:n',
  absolute_loss: 'n c:T | y:n o:n -> d:n t:n',
  huber_loss: 'n delta>0:T c:T | y:n o:n -> d:n t:n',
  logistic_loss: 'n | y:n z:n o:n s:n -> d:n t:n',
  poisson_loss: 'n | y:n z:n o:n -> d:n t:n',
  poisson_rate_loss: 'n | y:n z:n o:n -> d:n t:n',
  row_sums: 'rows cols factor:T | x:rows*cols -> s:rows',
  row_squares: 'rows cols | x:rows*cols -> s:rows',
  row_shift: 'rows cols | x:rows*cols -> y:rows*cols',
  row_normalize: 'rows cols | x:rows*cols -> y:rows*cols s:rows',
  scale_rows: 'rows cols | w:rows x:rows*cols -> y:rows*cols',
  cross_entropy: 'rows cols | y:rows*cols s:rows*cols o:rows*cols q:rows -> d:rows*cols l:rows',
  softmax_delta: 'rows cols | o:rows*cols e:rows*cols -> d:rows*cols',
  row_total: 'rows | w?:rows l:rows -> to:1',
} as const;

export const TRAINING = {
  momentum: 'n rate:f64 momentum:f64 | g:n -> +v:n +p:n',
  nesterov: 'n rate:f64 momentum:f64 | g:n -> +v:n +p:n',
  adagrad: 'n rate:f64 epsilon:f64 | g:n -> +s:n +p:n',
  rmsprop: 'n rate:f64 rho:f64 epsilon:f64 | g:n -> +v:n +p:n',
  rmsprop_momentum: 'n rate:f64 rho:f64 momentum:f64 epsilon:f64 | g:n -> +v:n +b:n +p:n',
  adam: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 | g:n -> +m:n +v:n +p:n',
  adamw: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 root:f64 keep:f64 | g:n -> +m:n +v:n +p:n',
  clip: 'n limit>0:f64 | -> +g:n',
  finite: 'n | x:n -> flag',
  gather: 'rows cols | i:rows<m x:m*cols -> y:rows*cols',
} as const;

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
  /^(?<plus>\+?)(?<name>[a-z]\w*)(?<optional>\??)(?:<=(?<atMost>\d+)|>=(?<atLeast>[a-z]\w*)|(?<positive>>0)?:(?<of>[\w*]+)(?:<(?<below>[a-z]\w*))?)?$/;

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
  const named = [...inputs, ...outputs].flatMap(({ shape, below }) => [...shape, ...(below ? [below] : [])]);
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
  const { plus, name, optional, atMost, atLeast, positive, of, below } = groups;
  if (of === undefined) {
    return { role: 'size', name, ...(atMost && { atMost: Number(atMost) }), ...(atLeast && { atLeast }) };
  }
  if (!role) return { role: 'scalar', name, rounded: of === 'T', positive: positive !== undefined };
  return {
    role,
    name,
    shape: of.split('*'),
    optional: optional !== '',
    updated: plus !== '',
    ...(below && { below }),
  };
}
