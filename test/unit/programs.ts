// SPDX-License-Identifier: MIT
import { accessSync, chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { temporary } from './temporary.ts';

/** Makes a folder for a PATH. It has these shell scripts, and those of this host's programs that are named. */
export function programs(scripts: Readonly<Record<string, string>>, hosts: readonly string[] = []): string {
  const directory = temporary('programs');
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  for (const name of hosts) symlinkSync(hostProgram(name), join(directory, name));
  return directory;
}

function hostProgram(name: string): string {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, name));
  const found = places.find((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`this host has no ${name}`);
  return found;
}
