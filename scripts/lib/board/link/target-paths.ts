// SPDX-License-Identifier: MIT

const directory = '/var/lib/rpmsg-sdb';

/** Where our files are on a board. */
export const targetPaths = {
  directory,
  agent: `${directory}/agent`,
  /** where a shell finds it, also beside one that the image has */
  sdbctl: '/usr/local/bin/sdbctl',
  module: `${directory}/rpmsg_sdb.ko`,
  firmwareName: 'rpmsg-sdb-test.elf',
  firmware: '/lib/firmware/rpmsg-sdb-test.elf',
  device: '/dev/rpmsg_sdb',
} as const;
