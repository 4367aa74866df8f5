// SPDX-License-Identifier: MIT
import { rooms } from './rules.ts';
import type { Folder, Survey } from './survey.ts';

/** The house as text: room by room from the top, each folder with what it stands on. */
export function picture({ folders, violations }: Survey): string {
  const width = Math.max(...folders.map(({ name }) => name.length));
  const lines = rooms.flatMap((room) => [
    '',
    `${room}/`,
    ...folders
      .filter((folder) => folder.room === room)
      .map(({ name, files, imports }) => `  ${name.padEnd(width)}  ${String(files).padStart(2)}  ${imports.join(' ')}`),
  ]);
  const floors = floorsOf(folders);
  const arrows = folders.reduce((sum, { imports }) => sum + imports.length, 0);
  const totals = `${rooms.length} rooms, ${folders.length} folders, ${floors} floors, ${arrows} arrows, ${violations.length} against the plan`;
  return [...lines, '', totals, ...violations].join('\n').trimStart();
}

/** The longest chain of imports between rooms. */
function floorsOf(folders: readonly Folder[]): number {
  const below = new Map(rooms.map((room) => [room as string, new Set<string>()]));
  for (const { room, imports } of folders) {
    for (const name of imports) {
      const to = name.split('/')[0] ?? '';
      if (to !== room) below.get(room)?.add(to);
    }
  }
  const height = (room: string, seen: readonly string[]): number =>
    seen.includes(room) ? 0 : 1 + Math.max(0, ...[...(below.get(room) ?? [])].map((to) => height(to, [...seen, room])));
  return Math.max(...rooms.map((room) => height(room, [])));
}
