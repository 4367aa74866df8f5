// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import type { Renderer } from '../../base/log/renderer.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import { findProvided, missingPackages } from './missing.ts';
import type { HostPackage } from './packages.ts';

export interface Preparation {
  readonly log: Renderer;
  readonly outputs: Outputs;
  readonly signal: AbortSignal;
}

/** Another apt may be at work, ours or the system's daily one: wait for it rather than fail. */
const aptOptions = ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3'];
const installArguments = ['install', '-y', '--no-install-recommends', ...aptOptions];

/** The one command that brings what is missing, as a person types it. */
export function installCommand(packages: readonly HostPackage[]): string {
  const names = packages.map((entry) => entry.name).join(' ');
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${names}`;
}

/**
 * Makes sure that this host has the packages. It installs what is missing, as root, or through sudo where a person can
 * type a password. Otherwise it fails, and names the command.
 */
export async function preparePackages(packages: readonly HostPackage[], o: Preparation): Promise<void> {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.name);
  const isRoot = process.getuid?.() === 0;
  if (findProvided('apt-get') === undefined) {
    const reasons = missing.map((entry) => `${entry.provides} (${entry.reason})`).join(', ');
    throw new Failure('host', `this host lacks ${reasons}, and has no apt-get to install it with`);
  }
  if (isRoot) {
    await o.log.step(`install ${names.join(' ')}`, () => installAsRoot(names, o));
  } else if (process.stdin.isTTY && process.stderr.isTTY && findProvided('sudo') !== undefined) {
    o.log.info(`missing on this host, installing through sudo: ${names.join(' ')}`);
    await o.log.pause(() => installThroughSudo(names, o));
  } else {
    const reasons = missing.map((entry) => `${entry.name} (${entry.reason})`).join(', ');
    throw new Failure('host', `this host lacks ${reasons}`, { remedy: installCommand(missing) });
  }
  const still = missingPackages(packages);
  if (still.length > 0) {
    throw new Failure('host', `still missing after the installation: ${still.map((e) => e.provides).join(', ')}`, {
      remedy: installCommand(still),
    });
  }
}

async function installAsRoot(names: readonly string[], o: Preparation): Promise<void> {
  const log = o.outputs.file('apt.log');
  const run = (args: readonly string[], message: string) =>
    runLogged({
      command: 'apt-get',
      arguments: args,
      log,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      signal: o.signal,
      failure: { class: 'host', message, remedy: 'apt-get update' },
    });
  if (!(await areKnown(names))) await run(['update', ...aptOptions], 'apt-get update failed');
  try {
    await run([...installArguments, ...names], 'apt-get install failed');
  } catch (error) {
    if (o.signal.aborted) throw error;
    // Old package lists name versions that have left the archive.
    await run(['update', ...aptOptions], 'apt-get update failed');
    await run([...installArguments, ...names], 'apt-get install failed');
  }
}

async function installThroughSudo(names: readonly string[], o: Preparation): Promise<void> {
  const run = (args: readonly string[]) =>
    execa('sudo', ['apt-get', ...args], { stdio: 'inherit', reject: false, cancelSignal: o.signal });
  await run(['update', ...aptOptions]);
  const result = await run([...installArguments, ...names]);
  if (result.failed) {
    throw new Failure('host', 'apt-get install through sudo failed', {
      remedy: `sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`,
    });
  }
}

/** Whether apt's lists know all of them: a fresh machine has none. */
async function areKnown(names: readonly string[]): Promise<boolean> {
  const result = await execa('apt-cache', ['--quiet=0', 'policy', ...names], { reject: false, all: true });
  const known = result.all.match(/Candidate: (?!\(none\))/g) ?? [];
  return known.length === names.length;
}
