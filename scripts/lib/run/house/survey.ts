// SPDX-License-Identifier: MIT
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { join } from 'node:path';
import { folderOf, forbidden, houseFolder, roomOf, rooms, type Room } from './rules.ts';

/** A folder of the house, and which others its files import from. */
export interface Folder {
  readonly name: string;
  readonly room: Room;
  readonly files: number;
  readonly imports: readonly string[];
}

export interface Survey {
  /** by room from the top down */
  readonly folders: readonly Folder[];
  /** what the plan forbids and is there all the same, a line each */
  readonly violations: readonly string[];
}

/** Reads the imports of every TypeScript file and holds them against the plan. */
export async function survey(root: string): Promise<Survey> {
  const result = await cruise(
    ['scripts', 'test'],
    {
      baseDir: root,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(node_modules|out)/' },
      tsPreCompilationDeps: true,
      validate: true,
      ruleSet: { forbidden },
    },
    undefined,
    { tsConfig: extractConfig(join(root, 'tsconfig.json')) },
  );
  const { modules, summary } = result.output as ICruiseResult;
  const folders = new Map<string, { room: Room; files: number; imports: Set<string> }>();
  for (const { source, dependencies } of modules) {
    const room = roomOf(source);
    if (room === undefined) continue;
    const name = folderOf(source);
    const folder = folders.get(name) ?? { room, files: 0, imports: new Set() };
    folders.set(name, folder);
    folder.files++;
    for (const { resolved } of dependencies) {
      if (resolved.startsWith(`${houseFolder}/`) && folderOf(resolved) !== name) folder.imports.add(folderOf(resolved));
    }
  }
  const place = (room: Room) => rooms.indexOf(room);
  return {
    folders: [...folders]
      .map(([name, { room, files, imports }]) => ({ name, room, files, imports: [...imports].sort() }))
      .sort((a, b) => place(a.room) - place(b.room) || a.name.localeCompare(b.name)),
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}
