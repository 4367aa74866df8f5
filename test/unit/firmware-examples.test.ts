// SPDX-License-Identifier: MIT
// The programs of firmware/examples. Each is compiled for the Cortex-M4. What needs no hardware runs on this host.
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { parse } from 'yaml';
import { glob } from 'zx';

import { inTree, NativeProgram } from './native.ts';
import { test } from './together.ts';

const examples = inTree('firmware/examples');
const declared = inTree('test/firmware-examples/declared');
const includes = [inTree('firmware/service'), `${examples}/openamp`, `${examples}/mpu`, declared];
const glue = [
  'firmware/service/sdb_service.c',
  'firmware/service/sdb_record.c',
  'firmware/examples/openamp/sdb_openamp.c',
];

test('each C file of the examples compiles for a Cortex-M4 without a warning', async (t) => {
  const files = await glob('**/*.c', { cwd: examples });
  t.true(files.length >= 6, files.join(' '));
  const core = ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-ffreestanding'];
  const words = [...core, '-std=gnu11', '-O2', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Werror'];
  for (const file of files) {
    const options = [...words, ...includes.map((one) => `-I${one}`), '-c', '-o', '/dev/null'];
    const { failed, stderr } = await execa('arm-linux-gnueabihf-gcc', [...options, join(examples, file)], {
      reject: false,
    });
    t.false(failed, stderr);
  }
});

/** The FreeRTOS example on the glue for OpenAMP. A test stands for Linux and for the hardware. */
async function started(): Promise<NativeProgram> {
  const own = ['fake_openamp.c', 'task.c'].map((name) => inTree('test/firmware-examples/host', name));
  const sources = [...own, ...glue.map((file) => inTree(file)), `${examples}/freertos/sdb_task.c`];
  const folders = [...includes, `${examples}/freertos`, inTree('test/firmware-examples/host')];
  return NativeProgram.build(sources, folders);
}

/** Says a line. The answer is what the task did until it waited again. */
type Say = (line: string) => Promise<string>;

function taskTest(title: string, scenario: (t: ExecutionContext, say: Say) => Promise<void>): void {
  test(`FreeRTOS and OpenAMP: ${title}`, async (t) => {
    const program = await started();
    try {
      t.is(
        await program.ask('linux 1024 B0Ac0000000L00001000'),
        'created rpmsg-sdb-channel;sent 1024 B4294967295L00000003;waits',
      );
      t.is(await program.ask('linux 1024 B4294967295L00000007'), 'waits');
      await scenario(t, (line) => program.ask(line));
    } finally {
      await program.close();
    }
  });
}

// holds: protocol#handover-one-owner, protocol#record-to-fill
taskTest('only a buffer that Linux handed over is filled, and it goes back filled', async (t, say) => {
  t.is(await say('linux 1024 B1Ac0001000L00001000'), 'waits');
  t.is(await say('linux 1024 B1L00000000'), 'sampling c0001000 4096;waits');
  t.is(await say('linux 1024 B0L00000000'), 'waits');
  t.is(await say('sampled 4096'), 'sent 1024 B1L00001000;sampling c0000000 4096;waits');
  t.is(await say('sampled 100'), 'sent 1024 B0L00000064;waits');
});

taskTest('a fill that finds the ring full is told of a tick later, and the next waits for it', async (t, say) => {
  await say('linux 1024 B1Ac0001000L00001000');
  await say('linux 1024 B0L00000000');
  await say('linux 1024 B1L00000000');
  await say('room 0');
  t.is(await say('sampled 4096'), 'waits a tick');
  t.is(await say('room 9'), 'sent 1024 B0L00001000;sampling c0001000 4096;waits');
});

// holds: protocol#bit-withdrawal, protocol#record-let-go
taskTest('a withdrawal is answered when the sampling has ended, and its fill is told to nobody', async (t, say) => {
  await say('linux 1024 B0L00000000');
  t.is(await say('linux 1024 B0Ac0000000L00000000'), 'waits');
  t.is(await say('sampled 4096'), 'sent 1024 B0L00000000;waits');
});

taskTest('a withdrawal of a buffer that nobody fills is answered at once', async (t, say) => {
  t.is(await say('linux 1024 B0Ac0000000L00000000'), 'sent 1024 B0L00000000;waits');
});

// holds: protocol#owed-before-features
taskTest('a fill that began for the buffer before goes to nobody', async (t, say) => {
  await say('linux 1024 B0L00000000');
  await say('linux 1024 B0Ac0000000L00000000');
  t.is(await say('linux 1024 B0Ac0000000L00002000'), 'sent 1024 B0L00000000;sent 1024 B4294967295L00000003;waits');
  t.is(await say('sampled 4096'), 'waits');
  t.is(await say('linux 1024 B0L00000000'), 'sampling c0000000 8192;waits');
});

taskTest(
  'a driver that was loaded again, at another address, hears the features and gets the fills',
  async (t, say) => {
    t.is(await say('linux 1030 B0Ac0000000L00001000'), 'sent 1030 B4294967295L00000003;waits');
    await say('linux 1030 B4294967295L00000007');
    await say('linux 1030 B0L00000000');
    t.is(await say('sampled 8'), 'sent 1030 B0L00000008;waits');
  },
);

taskTest('a buffer beyond what the core can address is never written to', async (t, say) => {
  t.is(await say('linux 1024 B1Ae0000000L00001000'), 'waits');
  t.is(await say('linux 1024 B1L00000000'), 'waits');
});

test("the files that Zephyr's build is told of are there", async (t) => {
  const module = parse(await readFile(inTree('zephyr/module.yml'), 'utf8')) as {
    build: { cmake: string; kconfig: string };
    samples: string[];
  };
  const { cmake, kconfig } = module.build;
  await t.notThrowsAsync(access(inTree(kconfig)));
  for (const folder of [cmake, ...module.samples]) {
    const file = inTree(folder, 'CMakeLists.txt');
    const sources = [...(await readFile(file, 'utf8')).matchAll(/[\w./]+\.c\b/g)].map(([name]) => name);
    t.true(sources.length > 0);
    for (const name of sources) await t.notThrowsAsync(access(join(dirname(file), name)), name);
  }
});
