// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { endProcess, isRunning, processIdentity } from '../../scripts/lib/emulated/emulator/process-identity.ts';
import { test } from '../together/counted.ts';

/** A program that listens on a port and says which. Its first thread then ends, and a second one goes on. */
const listener = `
import ctypes, socket, threading, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
threading.Thread(target=time.sleep, args=(60,)).start()
ctypes.CDLL(None).pthread_exit(None)
`;

test('a process runs for as long as any of its threads does, and has let go of its port when it has ended', async (t) => {
  const child = execa('python3', ['-c', listener], { reject: false });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = child.pid ?? 0;
  const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
  while (state() !== 'Z') await sleep(10);
  const identity = processIdentity(pid);
  t.true(isRunning(identity));
  await endProcess(identity);
  t.false(isRunning(identity));
  const server = createServer().listen(Number(said), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
