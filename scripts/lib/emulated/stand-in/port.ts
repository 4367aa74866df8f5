// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import getPort from 'get-port';

/** Above what has a name, and below what Linux hands out unless it is told otherwise. */
const [lowest, highest] = [20_000, 32_000];

/**
 * A port of this host that a board keeps while it is switched off and nobody listens there. It is none of the ports
 * that the kernel gives to those who open a connection. Boards in different directories begin to look in different
 * places.
 */
export async function lastingPort(directory: string): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first = 0, last = 0] = range.trim().split(/\s+/).map(Number);
  const start = createHash('sha256').update(directory).digest().readUInt32BE() % (highest - lowest);
  const all = Array.from({ length: highest - lowest }, (_, i) => lowest + ((start + i) % (highest - lowest)));
  const port = all.filter((one) => one < first || one > last);
  // A host that hands out all of them has none that lasts.
  return getPort({ host: '127.0.0.1', ...(port.length > 0 ? { port } : {}) });
}
