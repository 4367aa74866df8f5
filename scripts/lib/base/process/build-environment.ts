// SPDX-License-Identifier: MIT

/** Where programs and scratch space are. */
const kept = ['PATH', 'HOME', 'USER', 'TMPDIR'];

/**
 * The environment of every build whose result is kept. CFLAGS, MAKEFLAGS or a language of the caller's shell would
 * change the result, or hide a warning. The result would stay when they are gone.
 */
export function buildEnvironment(): Readonly<Record<string, string>> {
  const own = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), LC_ALL: 'C' };
}
