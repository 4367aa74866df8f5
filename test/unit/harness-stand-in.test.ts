// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { lastingPort } from '../../scripts/lib/emulated/stand-in/port.ts';
import { test } from './together.ts';

test('a board that is switched off keeps a port that the kernel gives to nobody else', async (t) => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first = 0, last = 0] = range.split(/\s+/).map(Number);
  const ports = await Promise.all(['/boards/one', '/boards/two', '/boards/three'].map(lastingPort));
  if (first > 20_000)
    t.deepEqual(
      ports.filter((port) => port >= first && port <= last),
      [],
    );
  t.is(new Set(ports).size, ports.length, 'each has its own');
});
