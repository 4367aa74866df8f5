// SPDX-License-Identifier: MIT
import { execa } from 'execa';

/** What is released: a commit, and what the checkout says of it. */
export interface Release {
  readonly version: string;
  readonly commit: string;
  /** of the commit, in seconds since 1970: the only time that is in the files */
  readonly epoch: number;
  /** the version's section of the change log, undefined when it has none with a date */
  readonly changes: string | undefined;
}

/** The recipes fetch this tag: rpmsg-sdb.inc. */
export function releaseTag(version: string): string {
  return `v${version}`;
}

export async function readRelease(root: string): Promise<Release> {
  const committed = async (path: string) => (await execa('git', ['show', `HEAD:${path}`], { cwd: root })).stdout;
  const { version } = JSON.parse(await committed('package.json')) as { version: string };
  const { stdout } = await execa('git', ['log', '-1', '--format=%H %ct'], { cwd: root });
  const [commit = '', epoch = ''] = stdout.split(' ');
  return { version, commit, epoch: Number(epoch), changes: sectionOf(await committed('CHANGELOG.md'), version) };
}

/** "## 1.2.3, 2027-01-31" and what follows, up to the next version. */
export function sectionOf(changeLog: string, version: string): string | undefined {
  const sections = changeLog.split(/^## /m).slice(1);
  const own = sections.find(
    (section) => /^\S+, \d{4}-\d\d-\d\d$/.test(section.split('\n')[0] ?? '') && section.startsWith(`${version}, `),
  );
  return own?.split('\n').slice(1).join('\n').trim();
}
