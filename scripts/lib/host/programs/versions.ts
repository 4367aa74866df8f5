// SPDX-License-Identifier: MIT
import { execa } from 'execa';

/** "QEMU 7.2.17", undefined when there is none. */
export async function qemuVersion(): Promise<string | undefined> {
  const result = await execa('qemu-system-arm', ['--version'], { reject: false });
  const version = /version ([\d.]+)/.exec(result.stdout)?.[1];
  return version === undefined ? undefined : `QEMU ${version}`;
}

/** The commit of the checkout, marked when files differ from it. */
export async function sourceVersion(root: string): Promise<string> {
  const result = await execa('git', ['describe', '--always', '--dirty', '--abbrev=10'], { cwd: root, reject: false });
  return result.failed ? 'not a git checkout' : `git ${result.stdout.trim()}`;
}
