// SPDX-License-Identifier: MIT
import type { Board } from '../../board/inventory/board.ts';
import { targetPaths } from '../../board/link/target-paths.ts';
import { otherDriverRemedy, otherDriverScript } from '../../board/deploy/other-driver.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { exec } from '../../board/ssh/exec.ts';
import type { Finding } from './finding.ts';
import { clockFinding, kernelFinding } from './board-against-host.ts';
import { loginShellFinding } from './login-shell.ts';
import { boardOption } from '../../board/inventory/board-option.ts';

interface Probe {
  readonly what: string;
  /** shell; exit code 0 is good, what it prints is the detail */
  readonly command: string;
  readonly remedy: string;
  /** good to have, but the board works without */
  readonly optional?: true;
}

/** Without these in the board's kernel there is no path to the coprocessor, or no driver on it. */
const kernelOptions = [
  'MODULES',
  'MODULE_UNLOAD',
  'REMOTEPROC',
  'RPMSG',
  'RPMSG_VIRTIO',
  'RPMSG_CHAR',
  'RPMSG_CTRL',
  'DMA_CMA',
];
const tools = ['setsid', 'timeout', 'md5sum', 'insmod', 'rmmod', 'dd', 'flock', 'find'];

/**
 * What is looked at on a board that answers, in the order of what needs what. A fault that comes first explains those
 * after it.
 */
function probesOf(board: Board): Probe[] {
  const deploy = `npm run deploy -- ${boardOption(board.name)}`;
  const show = `npm run board -- exec ${boardOption(board.name)} -- dmesg`;
  const remoteproc = `/sys/class/remoteproc/${board.remoteproc}`;
  return [
    {
      what: 'tools',
      command: `for t in ${tools.join(' ')}; do command -v $t >/dev/null || { echo no $t; exit 1; }; done; echo all there`,
      remedy: 'install util-linux, coreutils, findutils and kmod on the board, or a busybox with these',
    },
    {
      what: 'kernel configuration',
      command: `r=$(uname -r); for f in /proc/config.gz /boot/config-$r /lib/modules/$r/config /usr/lib/modules/$r/config /lib/modules/$r/build/.config; do
        [ -r $f ] || continue
        lacks=; for o in ${kernelOptions.join(' ')}; do { zcat -f $f 2>/dev/null || cat $f; } | grep -q "^CONFIG_$o=[ym]" || lacks="$lacks $o"; done
        [ -z "$lacks" ] && echo "all that is needed, by $f" || echo "lacks$lacks, by $f"
        [ -z "$lacks" ]; exit
      done; echo "the board has no copy of it"; exit 0`,
      remedy: "switch these on in the board's kernel",
    },
    {
      what: 'space',
      command: `for d in ${targetPaths.directory} /lib/firmware; do p=$d; while [ ! -d $p ]; do p=$(dirname $p); done
        [ -w $p ] || { echo "$p is read-only"; exit 1; }
        df -P -k $p 2>/dev/null | { read h; read a b c free e || exit 0; echo "$free KiB free in $p"; [ "$free" -gt 2048 ]; } || exit 1; done`,
      remedy: 'make 2 MiB free on the board, on a file system that can be written to',
    },
    {
      what: 'reserved memory',
      command: `cd /proc/device-tree/reserved-memory 2>/dev/null && ls -d *@* | tr '\\n' ' ' | grep . || { echo none in the device tree; exit 1; }`,
      remedy: "reserve the coprocessor's memory, vrings and buffers in the board's device tree",
    },
    {
      what: 'memory for buffers',
      command: `t=$(sed -n 's/^CmaTotal: *//p' /proc/meminfo); f=$(sed -n 's/^CmaFree: *//p' /proc/meminfo)
        a=$(dmesg | sed -n 's/.*cma: Reserved .* at \\(0x[0-9a-f]*\\).*/ at \\1/p' | head -n 1)
        echo "$f of $t free$a"; [ "\${t%% *}" -ge 16384 ]`,
      remedy: 'add cma=64M to the kernel command line',
    },
    {
      // Its Cortex-M4 sees the DRAM up to here and no further (RM0436, memory map).
      what: 'buffers in reach',
      command: `grep -q st,stm32mp15 /proc/device-tree/compatible || { echo "no limit is known for this machine"; exit 0; }
        a=$(dmesg | sed -n 's/.*cma: Reserved .* at \\(0x[0-9a-f]*\\).*/\\1/p' | head -n 1)
        [ -n "$a" ] || { echo "the kernel log no longer says where the CMA is"; exit 0; }
        echo "CMA at $a"; [ $((a)) -lt $((0xe0000000)) ]`,
      remedy: 'add cma=64M@0-0xe0000000 to the kernel command line: the Cortex-M4 sees no more of the DRAM',
    },
    {
      what: 'remoteproc',
      command: `cat ${remoteproc}/name ${remoteproc}/state | tr '\\n' ' '`,
      remedy: `enable the coprocessor's node in the board's device tree; then: ${show}`,
    },
    {
      what: 'rpmsg',
      command: '[ -d /sys/bus/rpmsg ] && echo bus there',
      remedy: `npm run board -- exec ${boardOption(board.name)} -- modprobe virtio_rpmsg_bus`,
    },
    { what: 'agent', command: `[ -x ${targetPaths.agent} ] && echo ${targetPaths.agent}`, remedy: deploy },
    { what: "ST's driver", command: otherDriverScript(), remedy: otherDriverRemedy(board) },
    { what: 'driver', command: '[ -d /sys/module/rpmsg_sdb ] && echo loaded', remedy: deploy },
    {
      what: 'coprocessor',
      command: `[ "$(cat ${remoteproc}/state)" = running ] && echo running`,
      remedy: `npm run board -- coprocessor start ${boardOption(board.name)}`,
    },
    {
      // remoteproc knows of a firmware that it has started, not of one that has hung since.
      what: 'firmware',
      command: `${targetPaths.agent} coprocessor version`,
      remedy: `npm run deploy -- ${boardOption(board.name)}`,
    },
    { what: 'device', command: `[ -c ${targetPaths.device} ] && echo ${targetPaths.device}`, remedy: deploy },
  ];
}

export async function boardFindings(connection: Connection, board: Board): Promise<Finding[]> {
  const findings = [
    await loginShellFinding(connection, board),
    await kernelFinding(connection, board),
    await clockFinding(connection, board),
  ];
  for (const probe of probesOf(board)) {
    const { code, stdout, stderr } = await exec(connection, probe.command, { timeoutMs: 15_000 });
    const detail = (stdout.trim() || stderr.trim()).split('\n').at(-1) ?? '';
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
