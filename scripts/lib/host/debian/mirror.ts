// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';

const override = 'RPMSG_SDB_DEBIAN_MIRROR';

/** The Debian archive this host is set up with, without a slash at the end; no address stands in the project. */
export async function debianMirror(): Promise<string> {
  const mirror = process.env[override] ?? (await fromIndexes()) ?? (await fromSources());
  if (mirror) return mirror.replace(/\/+$/, '');
  throw new Failure('host', 'no Debian mirror is configured on this host', {
    remedy: `set ${override} to the address of a Debian archive, the directory that holds dists/ and pool/`,
  });
}

/** Knows for certain that an archive is Debian's main one, but only lists what apt-get update has fetched. */
async function fromIndexes(): Promise<string | undefined> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)';
  const { stdout } = await execa('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  return stdout
    .split('\n')
    .find((line) => line.startsWith('Debian|Debian|main|'))
    ?.split('|')[3];
}

/** What apt would fetch, for a host whose package lists were removed to save space. */
async function fromSources(): Promise<string | undefined> {
  const { stdout } = await execa('apt-get', ['update', '--print-uris'], { reject: false });
  const uris = stdout.matchAll(/^'(\S+)\/dists\/[a-z]+\/InRelease'/gm);
  return [...uris].map((match) => match[1]).find((uri) => uri?.replace(/\/+$/, '').endsWith('/debian'));
}
