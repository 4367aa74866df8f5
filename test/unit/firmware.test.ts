// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { buildFirmware } from '../../scripts/lib/host/build/board-programs.ts';
import { inTree } from './native.ts';
import { test } from './together.ts';

test('the firmware for the STM32MP15 lies where the device tree lets it', async (t) => {
  const job = {
    root: inTree(),
    log: quiet,
    outputs: new Outputs(inTree(), 'unit'),
    signal: new AbortController().signal,
  };
  const { stdout } = await execa('arm-linux-gnueabihf-readelf', ['-lSW', await buildFirmware('stm32mp15', job)]);
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
