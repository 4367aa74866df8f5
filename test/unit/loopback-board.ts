// SPDX-License-Identifier: MIT
/** An SSH server in this process that runs commands on this host, as a board would on itself. Its link can be cut. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { BoardAddress } from '../../scripts/lib/board/ssh/address.ts';
import { makeKeyPair } from '../../scripts/lib/board/ssh/key-pair.ts';
import { temporary } from './temporary.ts';

export interface LoopbackBoard {
  readonly address: BoardAddress;
  /** a directory of this board's own */
  readonly directory: string;
  /** how many have logged in */
  logins(): number;
  /** the cipher that each connection has agreed on */
  ciphers(): readonly string[];
  /** how many connections there are, logged in or not */
  connections(): number;
  /** ends each connection, as a cut cable between two switches does */
  cut(): void;
  /** ends the newest connection with an error, as a server does that is killed while it has something to say */
  resetNewest(): void;
  /** goes on listening, and says nothing to who comes from now on */
  ignoreStrangers(): void;
  /** goes on listening, and says nothing any more */
  fallSilent(): void;
  close(): void;
}

/** The user who logs in there. */
interface Login {
  readonly user?: string;
  /** the login shell and what makes it run a command */
  readonly shell?: readonly [string, ...string[]];
  /** variables beside those of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** how many commands at the beginning of a connection are refused */
  readonly refuses?: number;
  /** how many logins it lets in */
  readonly logins?: number;
}

export async function loopbackBoard(login: Login = {}): Promise<LoopbackBoard> {
  const directory = temporary('board');
  const [host, client] = await Promise.all([
    makeKeyPair(join(directory, 'host_key'), 'loopback board'),
    makeKeyPair(join(directory, 'id_ed25519'), 'loopback board'),
  ]);
  const commands = new Set<ChildProcess>();
  let logins = 0;
  const ciphers: string[] = [];
  const server = new ssh2.Server({ hostKeys: [readFileSync(host.privateKey)] }, (connection) => {
    connection.on('authentication', (request) => {
      if (logins === login.logins) request.reject();
      else request.accept();
    });
    connection.once('ready', () => logins++);
    connection.on('handshake', ({ cs }) => ciphers.push(cs.cipher));
    serve(connection, commands, login);
  });
  const sockets = new Set<Socket>();
  let silent = false;
  // This stands in front of the server. So the link can be treated without the server's knowledge.
  const front = createServer((near) => {
    sockets.add(near);
    near.on('close', () => sockets.delete(near));
    near.on('error', () => undefined);
    if (silent) {
      near.resume();
      return;
    }
    server.injectSocket(near);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    directory,
    address: {
      host: '127.0.0.1',
      port: (front.address() as AddressInfo).port,
      user: login.user ?? 'root',
      privateKey: client.privateKey,
      hostKey: host.fingerprint,
    },
    logins: () => logins,
    ciphers: () => ciphers,
    connections: () => sockets.size,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    resetNewest: () => [...sockets].at(-1)?.resetAndDestroy(),
    ignoreStrangers: () => (silent = true),
    fallSilent() {
      silent = true;
      // What arrives stays unread, and nothing is written.
      sockets.forEach((socket) => {
        socket.pause();
        socket.write = () => true;
      });
    },
    close() {
      sockets.forEach((socket) => socket.destroy());
      front.close();
      // A command that waits for its input, a lease for example, would keep this process running.
      commands.forEach(abandon);
    },
  };
}

function abandon(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdio.forEach((stream) => stream?.destroy());
  child.unref();
}

/** `commands` has the commands that run. */
function serve(
  connection: ssh2.Connection,
  commands: Set<ChildProcess>,
  { shell = ['sh', '-c'], env = {}, refuses = 0 }: Login,
): void {
  const [program, ...words] = shell;
  let refused = 0;
  connection.on('error', () => undefined);
  connection.on('session', (accept) => {
    const session = accept();
    session.on('exec', (acceptExec, reject, { command }) => {
      if (refused++ < refuses) {
        reject();
        return;
      }
      const channel = acceptExec();
      const child = spawn(program, [...words, command], { stdio: 'pipe', env: { ...process.env, ...env } });
      commands.add(child);
      channel.pipe(child.stdin);
      child.stdin.on('error', () => undefined);
      child.stdout.pipe(channel, { end: false });
      child.stderr.pipe(channel.stderr, { end: false });
      channel.on('error', () => undefined);
      child.on('close', (code) => {
        commands.delete(child);
        channel.exit(code ?? 255);
        channel.end();
      });
      // sshd does this when a connection is gone.
      channel.on('close', () => child.stdin.destroy());
    });
  });
}
