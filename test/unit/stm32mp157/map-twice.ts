// SPDX-License-Identifier: MIT
import type { Machine } from './machine.ts';

/** The two addresses at which the MPU finds the same memory. */
export const cacheable = 0xc100_0000;
export const combined = 0xd000_0000;

/** A translation table, which lies at the beginning of DDR. Its entry at `entry` maps the memory as write-combined. */
interface Tables {
  readonly order: 'map' | 'mapLong';
  readonly entry: number;
  readonly bytes: Buffer;
}

const table = 0xc000_0000;

/** Sections of 1 MiB. All other memory stands at its physical address, and is not cached. */
function short(): Tables {
  const [device, cached, writeCombined] = [0xc02, 0xc0e, 0x1c02];
  const bytes = Buffer.alloc(0x4000);
  const set = (at: number, to: number, kind: number) => bytes.writeUInt32LE((to | kind) >>> 0, (at >>> 20) * 4);
  for (let mib = 0; mib < 0x1000; mib++) set(mib * 0x10_0000, mib * 0x10_0000, device);
  set(cacheable, cacheable, cached);
  set(combined, cacheable, writeCombined);
  return { order: 'map', entry: table + (combined >>> 20) * 4, bytes };
}

/**
 * Blocks of 2 MiB in the last GiB, whose attributes are an index into MAIR0. All other memory stands at its physical
 * address.
 */
function long(): Tables {
  const kind = (attribute: number) => 0x401 | (attribute << 2);
  const [device, cached, writeCombined] = [kind(0), kind(1), kind(2)];
  const second = 0x1000;
  const bytes = Buffer.alloc(2 * second);
  const set = (at: number, to: number) => bytes.writeBigUInt64LE(BigInt(to), at);
  for (let gib = 0; gib < 3; gib++) set(gib * 8, gib * 2 ** 30 + device);
  set(3 * 8, table + second + 3);
  const at = (address: number) => second + ((address >>> 21) & 0x1ff) * 8;
  for (let address = 0xc000_0000; address < 2 ** 32; address += 2 ** 21) set(at(address), address + device);
  set(at(cacheable), cacheable + cached);
  set(at(combined), cacheable + writeCombined);
  return { order: 'mapLong', entry: table + at(combined), bytes };
}

/** Short descriptors, and the long ones of the Large Physical Address Extension. */
export const formats = { short, long } as const;

/** Turns the MPU's MMU on. Returns a function that unmaps the write-combined mapping. */
export async function mapTwice({ bus, mpu }: Machine, format: keyof typeof formats): Promise<() => Promise<void>> {
  const { order, entry, bytes } = formats[format]();
  for (let at = 0; at < bytes.length; at += 0x400) await bus.writeBytes(table + at, bytes.subarray(at, at + 0x400));
  await mpu.order(order, table);
  return async () => {
    await bus.write(entry, 0);
    await mpu.order('forgetPage', combined);
  };
}
