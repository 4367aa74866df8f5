// SPDX-License-Identifier: MIT
/** What a board's serial console says, from whatever brings it here. */
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGroup } from '../../base/process/process-group.ts';

export interface ConsoleSink {
  line(text: string): void;
  /** the console is no longer seen, and why */
  broken(reason: string): void;
}

export interface Console {
  stop(): Promise<void>;
}

const pollMs = 100;
/** A console command that ends is started again: an adapter may have been plugged in anew. So often, and no more. */
const restarts = 3;
const restartAfterMs = 1000;

/** Follows a file that grows, from where it ends now. */
export async function followFile(path: string, sink: ConsoleSink): Promise<Console> {
  const file = await open(path);
  let { size: position } = await file.stat();
  const lines = lineSplitter((text) => sink.line(text));
  const buffer = Buffer.alloc(64 * 1024);
  const read = async () => {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      lines.take(buffer.subarray(0, bytesRead));
    }
  };
  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await read();
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    await read();
    lines.end();
    await file.close();
  })();
  loop.catch((error: unknown) => sink.broken(String(error)));
  return {
    async stop() {
      stopped.abort();
      await loop.catch(() => undefined);
    },
  };
}

/** The exit code of a shell for a command that is not there, or that may not be run. Another try does not help. */
const hopeless: ReadonlySet<number | null> = new Set([126, 127]);

/**
 * Runs a command that prints the console. It has a process group of its own, which ends with this process, however
 * that ends.
 */
export function followCommand(command: string, boardName: string, sink: ConsoleSink): Console {
  const stopped = new AbortController();
  const isStopped = () => stopped.signal.aborted;
  const loop = (async () => {
    for (let left = restarts; !isStopped(); left--) {
      const child = startGroup(['sh', '-c', command], { env: { RPMSG_SDB_BOARD: boardName }, signal: stopped.signal });
      const lines = lineSplitter((text) => sink.line(text));
      let complaint = '';
      child.stdout.on('data', (data: Buffer) => lines.take(data));
      child.stderr.on('data', (data: Buffer) => (complaint = `${complaint}${data.toString()}`.slice(-500)));
      const { exitCode, signal } = await child.ended;
      lines.end();
      if (isStopped()) return;
      const why = complaint.trim().split('\n').at(-1) ?? '';
      const ending = `the console command ended with ${exitCode ?? signal ?? 'an error'}${why === '' ? '' : `: ${why}`}`;
      const isLast = left === 0 || hopeless.has(exitCode);
      sink.broken(
        isLast ? `${ending}; given up: faults are seen in the kernel log only` : `${ending}; starting it again`,
      );
      if (isLast) return;
      await sleep(restartAfterMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}

/** Bytes to lines without the escape sequences of boot loaders; a line that never ends is cut. */
function lineSplitter(line: (text: string) => void): { take(data: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const say = (text: string) => line(stripVTControlCharacters(text.replaceAll('\r', '')));
  return {
    take(data) {
      const parts = (rest + decoder.write(data)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) say(part);
      if (rest.length > 4096) {
        say(rest);
        rest = '';
      }
    },
    end() {
      if (rest !== '') say(rest);
      rest = '';
    },
  };
}
