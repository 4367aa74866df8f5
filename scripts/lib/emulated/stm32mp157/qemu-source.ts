// SPDX-License-Identifier: MIT
/** The sources of the QEMU that this host has installed: the machine is compiled against their headers. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { fetchPackages } from '../../host/debian/fetch.ts';
import type { Selection } from '../../host/debian/pin.ts';
import type { Stanza } from '../../host/debian/stanza.ts';
import { unpackPackages } from '../../host/debian/unpack.ts';
import { withPackages } from '../../host/debian/with-packages.ts';

/** The series that test/emulator/stm32mp157 is written for, and the suite that has it. */
const series = '7.2';
const suite = 'bookworm';

/** Version of the source package that this `qemu-system-arm --version` was built from. */
export function sourceVersionOf(qemuVersion: string): string {
  const [, upstream = '?', debian] = /version (\S+) \(Debian ([^)]+)\)/.exec(qemuVersion) ?? [];
  if (debian === undefined || !upstream.startsWith(`${series}.`)) {
    const found = qemuVersion.split('\n')[0] ?? '';
    throw new Failure('host', `the emulated STM32MP157 needs Debian 12's QEMU ${series}, and this host has: ${found}`, {
      remedy: 'run on Debian 12 (a container will do) with its package qemu-system-arm',
    });
  }
  // What follows "+b" counts how often Debian has built the same sources.
  return debian.replace(/\+b\d+$/, '');
}

function selectionOf(version: string): Selection {
  return {
    name: `qemu-${version}`,
    suite,
    revision: 1,
    sources: true,
    select: async (apt, host) => [...(await apt.showSource('qemu', version)), await apt.show('libglib2.0-dev', host)],
  };
}

export interface QemuSource {
  /** names all of it */
  readonly sha256: readonly string[];
  /** Directories that it was unpacked into below dir. */
  unpack(dir: string, log: Log): Promise<{ readonly qemu: string; readonly glib: string }>;
}

/** Hands work the sources; they are downloaded when work asks for them. */
export function withQemuSource<T>(version: string, log: Log, work: (source: QemuSource) => Promise<T>): Promise<T> {
  return withPackages(selectionOf(version), log, (packages) =>
    work({
      sha256: packages.map(({ sha256 }) => sha256),
      async unpack(dir, step) {
        const files = await fetchPackages(`QEMU ${version}: downloading its headers`, packages, step);
        return step.step(`QEMU ${version}: unpacking`, (inner) => unpack(packages, files, dir, inner));
      },
    }),
  );
}

type Unpacked = Awaited<ReturnType<QemuSource['unpack']>>;

async function unpack(
  packages: readonly Stanza[],
  files: readonly string[],
  dir: string,
  step: Parameters<typeof unpackPackages>[2],
): Promise<Unpacked> {
  const archives = join(dir, 'archives');
  await mkdir(archives, { recursive: true });
  const debs: string[] = [];
  let description = '';
  for (const [index, { architecture, path }] of packages.entries()) {
    const file = files[index] ?? '';
    if (architecture !== 'source') {
      debs.push(file);
      continue;
    }
    const name = join(archives, basename(path));
    await copyFile(file, name);
    if (name.endsWith('.dsc')) description = name;
  }
  const qemu = join(dir, 'qemu');
  // Debian's updates of a series are patches, and they change headers. The index's signature stands for the description's.
  await execa('dpkg-source', ['--no-check', '--no-copy', '--extract', description, qemu]);
  await rm(archives, { recursive: true });
  const glib = join(dir, 'glib');
  await mkdir(glib);
  await unpackPackages(debs, glib, step);
  return { qemu, glib };
}
