// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';
import { closure } from '../../host/debian/closure.ts';
import type { Selection } from '../../host/debian/pin.ts';

/** What a small Debian has that people log into with OpenSSH. */
const programs = [
  'base-files',
  'bash',
  'coreutils',
  'dash',
  'debianutils',
  'findutils',
  'grep',
  'iproute2',
  'kmod',
  'mount',
  'openssh-server',
  'procps',
  'sed',
  'sysvinit-core',
  'sysvinit-utils',
  'udev',
  'util-linux',
];

export function standInPackages({ debian }: Architecture): Selection {
  return {
    name: 'stand-in',
    suite: 'bookworm',
    revision: 1,
    architecture: debian,
    select: (apt) =>
      closure(
        apt,
        programs,
        () => debian,
        (name) => /^(lib(?!gcc)|zlib)/.test(name),
      ),
  };
}
