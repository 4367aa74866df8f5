// SPDX-License-Identifier: MIT
import type { Run, Suite } from './run.ts';

/** What ran, and on what: name and value of everything that is known. */
export function provenanceOf(run: Run, { board }: Suite): [string, string][] {
  const kinds = { qemu: board?.emulator ?? 'QEMU', hardware: 'hardware' };
  const known: [string, string | undefined][] = [
    ['source', run.source],
    ['runs on', board?.kind === undefined ? undefined : kinds[board.kind]],
    ['machine', board?.model],
    ['kernel', board?.kernel],
    ['driver', board?.driver],
    ['firmware', board?.firmware],
    ['console', board?.console],
  ];
  return known.filter((entry): entry is [string, string] => entry[1] !== undefined);
}
