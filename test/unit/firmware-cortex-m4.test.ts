// SPDX-License-Identifier: MIT
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { firmwareFor } from './cortex-m4/firmware.ts';
import { channels, endpoints, Linux } from './cortex-m4/linux.ts';

let firmware: string;

test.before(async () => {
  firmware = await firmwareFor('stm32mp15-qemu');
});

const ddr = 0x2180_0000;

/** A core that runs the firmware, below a Linux that has just attached and seen its channel announced. */
async function started(t: ExecutionContext): Promise<Linux> {
  t.timeout(60_000);
  const linux = new Linux();
  t.teardown(() => linux.stop());
  await linux.boot(firmware);
  await linux.attach();
  t.is(await announced(linux), 'rpmsg-sdb-channel 400 created');
  return linux;
}

async function announced(linux: Linux): Promise<string> {
  const { payload } = await linux.receive(endpoints.nameService);
  const name = payload.toString('latin1', 0, payload.indexOf(0));
  const what = payload.readUInt32LE(36) === 0 ? 'created' : 'destroyed';
  return `${name} ${payload.readUInt32LE(32).toString(16)} ${what}`;
}

const hex8 = (value: number) => value.toString(16).padStart(8, '0');
const announcement = (index: number, address: number, length: number) => `B${index}A${hex8(address)}L${hex8(length)}`;

test('the firmware starts, announces its channel and answers', async (t) => {
  const linux = await started(t);
  t.deepEqual(await linux.request('version'), ['ok rpmsg-sdb-test 1 stm32mp15-qemu']);
  await linux.send(endpoints.echo, 'there and back');
  t.is((await linux.receive(endpoints.echo)).payload.toString(), 'there and back');
  t.regex(linux.trace(), /rpmsg-sdb-test 1 stm32mp15-qemu\n.*Linux is there\n/);
});

test('a buffer is filled with the pattern, to its last byte and no further', async (t) => {
  const linux = await started(t);
  const length = 0x1003;
  linux.machine.write(ddr, Buffer.alloc(0x2000, 0xee));
  await linux.send(endpoints.service, announcement(0, ddr, 0x2000));
  t.deepEqual(await linux.request(`fill 0 ${length} 7`), ['ok seed=7']);
  t.is((await linux.receive(endpoints.service)).payload.toString().toLowerCase(), `b0l${hex8(length)}`);
  t.deepEqual(linux.machine.read(ddr, length), patternBytes(0, 7, length));
  t.deepEqual(linux.machine.read(ddr + length, 0x2000 - length), Buffer.alloc(0x2000 - length, 0xee));
});

test('an address outside of the memory that buffers may lie in is refused', async (t) => {
  const linux = await started(t);
  await linux.send(endpoints.service, announcement(0, 0x2104_0000, 0x1000));
  await linux.send(endpoints.service, announcement(1, ddr, 0x1000));
  t.deepEqual(await linux.request('buffers'), [`+ 1 0x${hex8(ddr)} 4096 0`, 'ok 1']);
});

test('both rings go round many times without loss', async (t) => {
  const linux = await started(t);
  for (const index of [0, 1, 2]) await linux.send(endpoints.service, announcement(index, ddr + index * 0x1000, 0x1000));
  t.deepEqual(await linux.request('stream 64 200 0'), ['ok']);
  for (let i = 0; i < 200; i++) t.is((await linux.receive(endpoints.service)).payload.toString(), `B${i % 3}L00000040`);
  for (let i = 0; i < 50; i++) {
    await linux.send(endpoints.echo, `message ${i}`);
    t.is((await linux.receive(endpoints.echo)).payload.toString(), `message ${i}`);
  }
  const [status = ''] = await linux.request('status');
  t.regex(status, /^ok streaming=0 fills=200 sent=200 /);
});

test('a ring that finds the one before unanswered comes when it has been answered', async (t) => {
  const linux = await started(t);
  await linux.send(endpoints.service, announcement(0, ddr, 0x1000));
  const before = linux.rung[channels.toLinux] ?? 0;
  linux.answers = false;
  t.deepEqual(await linux.request('fill 0 16'), ['ok seed=0']);
  await linux.rings(channels.toLinux, before + 1);
  t.deepEqual(await linux.request('fill 0 16'), ['ok seed=1']);
  t.is(linux.rung[channels.toLinux], before + 1);
  linux.machine.answer(channels.toLinux);
  await linux.rings(channels.toLinux, before + 2);
});

test('Linux may detach and attach again', async (t) => {
  const linux = await started(t);
  linux.detach();
  await linux.ring(channels.detach);
  await linux.attach();
  t.is(await announced(linux), 'rpmsg-sdb-channel 400 created');
  t.deepEqual(await linux.request('version'), ['ok rpmsg-sdb-test 1 stm32mp15-qemu']);
  t.regex(linux.trace(), /Linux has gone\n.*Linux is there\n/);
});

test('the firmware shuts down when it is asked to', async (t) => {
  const linux = await started(t);
  linux.detach();
  await linux.ring(channels.shutdown);
  t.regex(linux.trace(), /shut down\n$/);
});

test('a crash brings the watchdog, and says where', async (t) => {
  const linux = await started(t);
  t.deepEqual(await linux.request('crash'), ['ok']);
  await linux.machine.watchdog;
  t.regex(linux.trace(), /usage fault at 0000[0-9a-f]{4}, status 00010000/);
});

test('code cannot be written to, whatever range is asked for', async (t) => {
  const linux = await started(t);
  await linux.request('range 0 0xffffffff');
  await linux.send(endpoints.service, announcement(0, 0x2000, 0x1000));
  await linux.send(endpoints.test, 'fill 0 64');
  await linux.machine.watchdog;
  t.regex(linux.trace(), /memory fault at 0000[0-9a-f]{4}, status 00000082, fault address 0000200[0-9a-f]/);
});

test('the firmware for the STM32MP15 lies where the device tree lets it', async (t) => {
  t.timeout(60_000);
  const { stdout } = await execa('arm-linux-gnueabihf-readelf', ['-lSW', await firmwareFor('stm32mp15')]);
  const loads = [...stdout.matchAll(/LOAD\s+0x\w+ 0x(\w+) 0x(\w+) 0x(\w+) 0x(\w+)/g)].map(([, , physical, , size]) => ({
    address: parseInt(physical ?? '', 16),
    size: parseInt(size ?? '', 16),
  }));
  t.is(loads.length, 3);
  const [vectors, ...others] = loads;
  t.is(vectors?.address, 0);
  t.is(vectors?.size, (16 + 150) * 4);
  for (const { address, size } of others) t.true(address >= 0x1000_0000 && address + size <= 0x1004_0000);
  t.regex(stdout, /\.resource_table\s+PROGBITS/);
});
