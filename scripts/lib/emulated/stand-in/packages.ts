// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';
import { selectionFor } from '../../host/debian/closure.ts';
import type { Selection } from '../../host/debian/pin.ts';

/** What a small Debian has that people log into with OpenSSH, and shells that some of them prefer. */
const programs = [
  'base-files',
  'bash',
  'coreutils',
  'csh',
  'dash',
  'debianutils',
  'findutils',
  'fish',
  'fish-common',
  'grep',
  'iproute2',
  'kmod',
  // fish's own, which no other program here needs.
  'libgcc-s1',
  'mount',
  'openssh-server',
  'procps',
  'sed',
  'sysvinit-core',
  'sysvinit-utils',
  'tcsh',
  'udev',
  'util-linux',
];

export function standInPackages({ debian }: Architecture): Selection {
  return selectionFor('stand-in', 2, debian, programs, (name) => /^(lib(?!gcc)|zlib)/.test(name));
}
