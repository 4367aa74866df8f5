// SPDX-License-Identifier: MIT
import type { Connection } from '../ssh/connection.ts';

export interface LoggedRecord {
  readonly level: number;
  /** since boot */
  readonly seconds: number;
  readonly text: string;
}

const beatMs = 5000;
/** Reads the log until we are silent or gone: closing a channel ends nothing on the board. */
const script = `exec 3<&0
cut -d" " -f1 /proc/uptime
cat /dev/kmsg 3<&- </dev/null & p=$!
while [ -n "$(timeout 20 dd bs=1 count=1 <&3 2>/dev/null)" ]; do :; done
kill $p 2>/dev/null`;

/**
 * Follows the kernel log over a connection, until that is lost or stop is called; that it ends otherwise is told. Records from before it began, which are
 * somebody else's, are left out.
 */
export async function followKernelLog(
  connection: Connection,
  onRecord: (record: LoggedRecord) => void,
  onBroken: (reason: string) => void,
): Promise<() => void> {
  const follower = await connection.open(script, { lasts: true });
  follower.stderr.resume();
  const beat = setInterval(() => follower.stdin.write('x'), beatMs);
  beat.unref();
  follower.stdin.write('x');
  let rest = '';
  let begun: number | undefined;
  follower.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (begun === undefined) {
        begun = Number(line);
        continue;
      }
      const record = parseRecord(line);
      if (record && record.seconds > begun) onRecord(record);
    }
  });
  let isStopped = false;
  const over = (reason: string) => {
    clearInterval(beat);
    // A link that is lost is told by whoever sees it.
    if (!isStopped && !connection.lost.aborted) onBroken(reason);
  };
  follower.ended.then(
    (code) => over(`its reader ended with ${code ?? 'a signal'}`),
    (error: unknown) => over((error as Error).message),
  );
  return () => {
    isStopped = true;
    clearInterval(beat);
    follower.stdin.end();
  };
}

/** "level+facility,sequence,microseconds,flags;text"; lines that begin with a space belong to the one before. */
export function parseRecord(line: string): LoggedRecord | undefined {
  const [, priority, us, text] = /^(\d+),\d+,(\d+),[^;]*;(.*)$/.exec(line) ?? [];
  if (priority === undefined || us === undefined || text === undefined) return undefined;
  return { level: Number(priority) & 7, seconds: Number(us) / 1e6, text };
}
