// SPDX-License-Identifier: MIT
/** What others take into their CI: one image for all jobs, and a job that leaves a report. */
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { parse } from 'yaml';
import { allPackages } from '../../scripts/lib/run/doctor/host.ts';
import { inTree } from './native.ts';
import { test } from './together.ts';

const text = (path: string) => readFile(inTree(path), 'utf8');

test('the image has every package that the harness needs, and no other', async (t) => {
  const [, list = ''] = /--no-install-recommends \\\n([^&]*) && rm/.exec(await text('.ci/Dockerfile')) ?? [];
  const installed = list.split(/[\s\\]+/).filter(Boolean);
  const needed = new Set([...allPackages.map(({ name }) => name), 'ca-certificates', 'git', 'python3']);
  t.deepEqual(installed, [...needed].sort(), 'scripts/lib/host/programs/packages.ts and .ci/Dockerfile');
});

test('the image is of the Debian whose packages these are, with a Node.js that the harness takes', async (t) => {
  const [, node, debian] = /^FROM node:(\d+)-(\w+)-slim$/m.exec(await text('.ci/Dockerfile')) ?? [];
  t.is(debian, 'bookworm');
  const { engines } = JSON.parse(await text('package.json')) as { engines: { node: string } };
  t.is(/^>=(\d+)\./.exec(engines.node)?.[1], node);
});

test('GitHub, GitLab and LAVA run in that image', async (t) => {
  const [, name = ''] = /docker build --tag (\S+) \.ci$/m.exec(await text('.ci/Dockerfile')) ?? [];
  t.is(name, 'rpmsg-sdb-harness');
  for (const path of ['.ci/application/github.yaml', '.ci/application/gitlab.yaml', '.ci/lava/job.yaml']) {
    const images = [...(await text(path)).matchAll(/^ *(?:image|container): (\S+)$/gm)].map(([, image]) => image);
    t.is(images.length, 1, path);
    t.regex(images[0] ?? '', new RegExp(`^(registry\\.example/)?${name}:[\\w.]+$`), path);
  }
});

test("an application's job takes this version, runs the one script, and keeps the report however it ends", async (t) => {
  const { version } = JSON.parse(await text('package.json')) as { version: string };
  const github = parse(await text('.ci/application/github.yaml')) as {
    jobs: { board: { steps: { run?: string; uses?: string; if?: string; with?: { path: string } }[] } };
  };
  const { steps } = github.jobs.board;
  const commands = steps.flatMap(({ run }) => run ?? []);
  const gitlab = parse(await text('.ci/application/gitlab.yaml')) as {
    board: { script: string[]; artifacts: { when: string; paths: string[]; reports: { junit: string } } };
  };
  t.deepEqual(gitlab.board.script, commands, 'both do the same');
  t.regex(commands[0] ?? '', new RegExp(`--branch v${version.replaceAll('.', '\\.')} `));
  t.is(commands[1], 'rpmsg_sdb/.ci/application/run test/on-board');
  const keeps = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
  t.like(keeps, { if: 'always()', with: { path: 'report/' } });
  t.deepEqual(gitlab.board.artifacts, { when: 'always', paths: ['report/'], reports: { junit: 'report/junit.xml' } });
});

test('a test that is no program is a usage error, before anything is begun', async (t) => {
  const { exitCode, stderr } = await execa(inTree('.ci/application/run'), [inTree('README.md')], { reject: false });
  t.is(exitCode, 2);
  t.regex(stderr, /usage/);
});
