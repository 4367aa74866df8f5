// SPDX-License-Identifier: MIT
import type { AptRoot } from './apt-root.ts';
import type { Stanza } from './stanza.ts';

/**
 * The named packages and what they depend on, as far as follow says. follow keeps out what only matters on an installed
 * system (initramfs generators, compilers, debconf).
 */
export async function closure(
  apt: AptRoot,
  names: readonly string[],
  architecture: (name: string) => string,
  follow: (name: string) => boolean,
): Promise<Stanza[]> {
  const found = new Map<string, Stanza>();
  const todo = [...names];
  for (let name = todo.shift(); name; name = todo.shift()) {
    if (found.has(name)) continue;
    const stanza = await apt.show(name, architecture(name));
    found.set(name, stanza);
    todo.push(...stanza.depends.filter(follow));
  }
  return [...found.values()];
}
