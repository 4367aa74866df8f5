// SPDX-License-Identifier: MIT
import { join, relative } from 'node:path';
import { execa } from 'execa';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { makeRelease } from './files.ts';
import { readRelease, releaseTag, type Release } from './version.ts';

/** The files, then the tag. Nothing leaves this host: pushing the tag is the maintainer's. */
export async function releaseRun(context: Context): Promise<void> {
  const { root, options, log } = context;
  const release = await readRelease(root);
  if (!options.dryRun) await refuseUnlessReady(root, release);
  const into = join(root, 'out/release', release.version);
  const files = await log.step(`files of ${release.version}`, () => makeRelease(root, release, into));
  const tag = releaseTag(release.version);
  if (!options.dryRun) {
    await execa('git', ['tag', '--annotate', '--message', `rpmsg_sdb ${release.version}`, tag, release.commit], {
      cwd: root,
    });
  }
  const next = options.dryRun
    ? `not tagged; without --dry-run it would be ${tag}`
    : `tagged ${tag}: git push origin ${tag}`;
  log.result([...files.map((path) => relative(root, path)), next].join('\n'), { files, tag, tagged: !options.dryRun });
}

async function refuseUnlessReady(root: string, { version, changes }: Release): Promise<void> {
  const { stdout: changed } = await execa('git', ['status', '--porcelain'], { cwd: root });
  if (changed !== '') {
    throw new Failure('usage', 'the checkout has changes that no commit has, so the release would not have them', {
      remedy: 'git status',
    });
  }
  if (changes === undefined) {
    throw new Failure('usage', `CHANGELOG.md does not say what is new in ${version}`, {
      remedy: `give it a section "## ${version}", with the date, above the older ones`,
    });
  }
  const { stdout: there } = await execa('git', ['tag', '--list', releaseTag(version)], { cwd: root });
  if (there !== '') {
    throw new Failure('usage', `${there} is there already: a release that people have never changes`, {
      remedy: 'give the next version in package.json; npm test names the other places',
    });
  }
}
