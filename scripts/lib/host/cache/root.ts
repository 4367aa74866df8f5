// SPDX-License-Identifier: MIT
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';

/**
 * Where downloads, kernels, images and snapshots live: outside the checkout, so that all checkouts share them.
 * Read at each call, because tests point RPMSG_SDB_CACHE at a directory of their own.
 */
export function cacheRoot(): string {
  const { RPMSG_SDB_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  const root = own ? resolve(own) : join(xdg ? resolve(xdg) : join(homedir(), '.cache'), 'rpmsg-sdb');
  // The kernel's makefiles refuse to work below such a path, and QEMU takes commas for its own.
  if (/[\s:,]/.test(root)) {
    throw new Failure('usage', `the cache cannot be in "${root}": make and QEMU do not take white space, ":" or ","`, {
      remedy: 'point RPMSG_SDB_CACHE at another directory',
    });
  }
  return root;
}
