// SPDX-License-Identifier: MIT
import { quote } from '../../base/process/quote.ts';

/** What the frame below ends with when the time is up. */
export const timedOutCode = 124;

/**
 * A script for a POSIX shell around a command, so that all of it can be ended. The command runs in a session of its
 * own. When the time is up, or the script's shell gets SIGALRM, the session's processes are killed together.
 * timeout(1) is not enough: busybox' ends only its direct child. Closing an SSH channel ends nothing.
 */
export function frameCommand(command: string, timeoutMs: number | undefined): string {
  const watchdog =
    timeoutMs === undefined
      ? 'w='
      : `setsid sh -c 'sleep '${(timeoutMs / 1000).toFixed(3)}"; kill -ALRM $$" </dev/null >/dev/null 2>&1 & w=$!`;
  return [
    // A command in the background reads /dev/null unless its input comes from another descriptor.
    'exec 3<&0',
    `setsid sh -c ${quote(command)} <&3 3<&- & p=$!`,
    // From here on only kill could say something: that a process has gone already.
    'exec 3<&- </dev/null 2>/dev/null',
    `trap 'kill -TERM -$p; sleep 1; kill -KILL -$p; exit ${timedOutCode}' ALRM`,
    watchdog,
    'wait $p; c=$?',
    // By its own number as well: it may not have got as far as having a session.
    '[ -z "$w" ] || kill -TERM -$w || kill -TERM $w',
    'exit $c',
  ].join('\n');
}
