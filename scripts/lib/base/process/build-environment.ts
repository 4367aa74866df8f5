// SPDX-License-Identifier: MIT

/** Where programs and scratch space are. */
const kept = ['PATH', 'HOME', 'USER', 'TMPDIR'];

/**
 * The environment in which everything is built that is kept. CFLAGS, MAKEFLAGS or a language that the caller's shell has
 * exported would otherwise change what is made, or hide a warning, and stay when they are gone.
 */
export function buildEnvironment(): Readonly<Record<string, string>> {
  const own = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), LC_ALL: 'C' };
}
