// SPDX-License-Identifier: MIT
import type { AptRoot } from './apt-root.ts';
import type { Selection } from './pin.ts';
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
  for (let todo = [...names]; todo.length > 0;) {
    const stanzas = await apt.showAll(todo.map((name) => ({ name, architecture: architecture(name) })));
    for (const [i, name] of todo.entries()) {
      const stanza = stanzas[i];
      if (stanza) found.set(name, stanza);
    }
    const next = stanzas.flatMap(({ depends }) => depends.filter(follow));
    todo = [...new Set(next)].filter((name) => !found.has(name));
  }
  return [...found.values()];
}

/** A selection of packages for one architecture, and of those that they depend on as far as follow says. */
export function selectionFor(
  name: string,
  revision: number,
  architecture: string,
  names: readonly string[],
  follow: (name: string) => boolean,
): Selection {
  const select = (apt: AptRoot) => closure(apt, names, () => architecture, follow);
  return { name, suite: 'bookworm', revision, architecture, select };
}
