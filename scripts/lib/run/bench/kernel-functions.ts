// SPDX-License-Identifier: MIT

export interface KernelFunction {
  /** a function may have several */
  readonly names: readonly string[];
  /** nothing for what is built into the kernel */
  readonly module?: string;
}

/** Where applications run, and nothing of the kernel that has a name. */
export const elsewhere: KernelFunction = { names: ['(applications)'] };

/** Which function of a running kernel, or of its modules, an address belongs to. */
export class KernelFunctions {
  readonly #starts: readonly number[];
  readonly #functions: readonly KernelFunction[];

  /** kallsyms: as root reads /proc/kallsyms. */
  constructor(kallsyms: string) {
    const found = new Map<number, KernelFunction>();
    // Names that begin with a dollar sign tell code from data, and are no functions.
    for (const [, digits = '', name = '', module] of kallsyms.matchAll(
      /^([0-9a-f]+) [tTwW] ([^$\s]\S*)(?:\s\[(\S+)\])?$/gm,
    )) {
      const start = parseInt(digits, 16);
      const names = [...(found.get(start)?.names ?? []), name];
      found.set(start, module === undefined ? { names } : { names, module });
    }
    const sorted = [...found].sort(([a], [b]) => a - b);
    this.#starts = sorted.map(([start]) => start);
    this.#functions = sorted.map(([, one]) => one);
  }

  /** Applications lie below the kernel. The last name only tells where its code ends. */
  at(address: number): KernelFunction {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? Infinity) <= address) low = middle + 1;
      else high = middle;
    }
    return (low === this.#starts.length ? undefined : this.#functions[low - 1]) ?? elsewhere;
  }
}
