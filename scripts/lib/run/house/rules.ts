// SPDX-License-Identifier: MIT
/** The plan of the harness: its rooms from the top down. A file imports from its own room and from those below, never up. */
import type { IForbiddenRuleType } from 'dependency-cruiser';

export const rooms = ['run', 'emulated', 'board', 'host', 'base'] as const;

export type Room = (typeof rooms)[number];

/** Below which folder the rooms lie. */
export const houseFolder = 'scripts/lib';

/** The room of a file, undefined for one that is in none. */
export function roomOf(path: string): Room | undefined {
  const [first] = path.slice(houseFolder.length + 1).split('/');
  return path.startsWith(`${houseFolder}/`) ? rooms.find((room) => room === first) : undefined;
}

/** The folder below its room that a file lies in: "board/ssh". */
export function folderOf(path: string): string {
  return path
    .slice(houseFolder.length + 1)
    .split('/')
    .slice(0, 2)
    .join('/');
}

/** Every import that the plan forbids. */
export const forbidden: IForbiddenRuleType[] = [
  ...rooms.slice(1).map((room, i) => {
    const above = rooms.slice(0, i + 1).join('|');
    return {
      name: `${room}-imports-no-room-above`,
      severity: 'error' as const,
      from: { path: `^${houseFolder}/${room}/` },
      to: { path: `^${houseFolder}/(${above})/` },
    };
  }),
  {
    name: 'no-circle-of-files',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-circle-of-folders',
    scope: 'folder',
    severity: 'error',
    from: { path: `^${houseFolder}/[^/]+/[^/]+$` },
    to: { circular: true },
  },
  {
    name: 'a-verb-is-imported-by-nobody',
    severity: 'error',
    from: {},
    to: { path: '^scripts/[^/]+\\.ts$' },
  },
  {
    name: 'the-harness-knows-no-test',
    severity: 'error',
    from: { path: '^scripts/' },
    to: { path: '^test/' },
  },
];
