// SPDX-License-Identifier: MIT
import type { Board } from '../board/board.ts';
import { targetPaths } from '../board/target-paths.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import type { Finding } from './finding.ts';

interface Probe {
  readonly what: string;
  /** shell; exit code 0 is good, what it prints is the detail */
  readonly command: string;
  readonly remedy: string;
  /** good to have, but the board works without */
  readonly optional?: true;
}

/** What is looked at on a board that answers, from the ground up: what is broken below explains what is broken above. */
function probesOf(board: Board): Probe[] {
  const deploy = `npm run deploy -- --board ${board.name}`;
  const exec = `npm run board -- exec --board ${board.name} -- dmesg`;
  const remoteproc = `/sys/class/remoteproc/${board.remoteproc}`;
  return [
    { what: 'kernel', command: 'uname -r', remedy: exec },
    {
      what: 'tools',
      command:
        'for t in setsid timeout sha256sum insmod rmmod dd; do command -v $t >/dev/null || { echo $t; exit 1; }; done; echo all there',
      remedy: 'install busybox or util-linux, coreutils and kmod on the board',
    },
    {
      what: 'clock',
      command: '[ "$(date +%Y)" -ge 2024 ] && date',
      remedy: `npm run board -- exec --board ${board.name} -- date -s @${Math.floor(Date.now() / 1000)}`,
      optional: true,
    },
    {
      what: 'space',
      command:
        'df -k /var/lib 2>/dev/null | { read h; read a b c free e || { echo "in memory"; exit 0; }; echo "$free KiB free in /var/lib"; [ "$free" -gt 10240 ]; }',
      remedy: 'make 10 MiB free on the board',
    },
    {
      what: 'memory for buffers',
      command: "grep -i cmafree /proc/meminfo | tr -s ' '",
      remedy: 'add cma=64M to the kernel command line',
    },
    {
      what: 'remoteproc',
      command: `cat ${remoteproc}/name ${remoteproc}/state | tr '\\n' ' '`,
      remedy: "enable the coprocessor's node in the board's device tree",
    },
    {
      what: 'rpmsg',
      command: '[ -d /sys/bus/rpmsg ] && echo bus there',
      remedy: 'modprobe virtio_rpmsg_bus on the board',
    },
    { what: 'agent', command: `[ -x ${targetPaths.agent} ] && echo ${targetPaths.agent}`, remedy: deploy },
    { what: 'driver', command: '[ -d /sys/module/rpmsg_sdb ] && echo loaded', remedy: deploy },
    {
      what: 'coprocessor',
      command: `[ "$(cat ${remoteproc}/state)" = running ] && echo running`,
      remedy: `npm run board -- coprocessor start --board ${board.name}`,
    },
    { what: 'device', command: `[ -c ${targetPaths.device} ] && echo ${targetPaths.device}`, remedy: deploy },
  ];
}

export async function boardFindings(connection: Connection, board: Board): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const probe of probesOf(board)) {
    const { code, stdout, stderr } = await exec(connection, probe.command, { timeoutMs: 15_000 });
    const detail = (stdout.trim() || stderr.trim()).split('\n')[0] ?? '';
    const base = { about: 'board', what: probe.what } as const;
    if (code === 0) findings.push({ ...base, state: 'ok', detail });
    else
      findings.push({
        ...base,
        state: probe.optional ? 'note' : 'missing',
        detail: detail || 'no',
        remedy: probe.remedy,
      });
  }
  return findings;
}
