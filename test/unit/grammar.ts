// SPDX-License-Identifier: MIT
import fc from 'fast-check';

/** A record of the protocol: kernel/PROTOCOL.md. */
export type ProtocolRecord =
  | { readonly kind: 'announce'; readonly index: number; readonly address: number; readonly length: number }
  | { readonly kind: 'transfer'; readonly index: number; readonly length: number };

export interface Parsed {
  readonly records: readonly ProtocolRecord[];
  /** how many bytes there are from the first that fits no rule, without the NULs at the end */
  readonly rest: number;
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

export function format(record: ProtocolRecord): string {
  const address = record.kind === 'announce' ? `A${hex8(record.address)}` : '';
  return `B${String(record.index)}${address}L${hex8(record.length)}`;
}

/**
 * The grammar as a regular expression. This is a third opinion beside those of the driver and the firmware: too slow
 * for a driver, and hard to get wrong.
 */
const record = /^B(0|[1-9][0-9]{0,9})(?:A([0-9a-fA-F]{8}))?L([0-9a-fA-F]{8})/;

export function parseByGrammar(payload: Uint8Array): Parsed {
  let text = Buffer.from(payload).toString('latin1').replace(/\0+$/, '');
  const records: ProtocolRecord[] = [];
  for (;;) {
    const match = record.exec(text);
    if (match === null || Number(match[1]) > 0xffffffff) return { records, rest: text.length };
    const index = Number(match[1]);
    const length = parseInt(match[3] ?? '', 16);
    records.push(
      match[2] === undefined
        ? { kind: 'transfer', index, length }
        : { kind: 'announce', index, address: parseInt(match[2], 16), length },
    );
    text = text.slice(match[0].length);
  }
}

const u32 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 9, 10, 99, 0x7fffffff, 0xfffffffe, 0xffffffff),
);

export const anyRecord: fc.Arbitrary<ProtocolRecord> = fc.oneof(
  fc.record({ kind: fc.constant('announce' as const), index: u32, address: u32, length: u32 }),
  fc.record({ kind: fc.constant('transfer' as const), index: u32, length: u32 }),
);

/** Payloads that are nearly right, and some that are anything. A broken or hostile peer sends such. */
export const anyPayload: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: anyRecord.map((one) => Buffer.from(format(one))) },
      { weight: 2, arbitrary: anyRecord.map((one) => Buffer.from(format(one).toUpperCase())) },
      {
        weight: 2,
        arbitrary: fc.tuple(anyRecord, fc.nat(30)).map(([one, cut]) => Buffer.from(format(one).slice(0, cut))),
      },
      {
        weight: 1,
        arbitrary: fc
          .array(fc.constantFrom(...Buffer.from('BAL0123456789abcdefABCDEF\0 +-x')), { maxLength: 24 })
          .map((bytes) => Buffer.from(bytes)),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts).subarray(0, 496));
