// Ctrl-C: the first asks the command to end, the second ends the process.

/** Exit codes as shells have them: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupts {
  /** Who asks for it promises to end when it aborts; until somebody does, a signal ends the process as ever. */
  readonly signal: AbortSignal;
  /** The exit code, if there was a signal. */
  readonly code: number | undefined;
}

/** @param atOnce called at the second signal, before the process ends */
export function listen(atOnce: () => void): Interrupts {
  const controller = new AbortController();
  let code: number | undefined;
  let listening = false;
  return {
    get signal() {
      if (!listening) {
        for (const [name, number] of Object.entries(SIGNALS)) {
          process.on(name, () => {
            if (code !== undefined) {
              atOnce();
              process.exit(number);
            }
            code = number;
            controller.abort();
          });
        }
        listening = true;
      }
      return controller.signal;
    },
    get code() {
      return code;
    },
  };
}
