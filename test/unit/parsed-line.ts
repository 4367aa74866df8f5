// SPDX-License-Identifier: MIT
import type { Parsed, ProtocolRecord } from './grammar.ts';

/** Reads what the programs print for a payload: "A index address length;T index length;rest N". */
export function parseLine(line: string): Parsed {
  const items = line.split(';');
  const last = items.pop()?.match(/^rest (\d+)$/);
  if (!last) throw new Error(`not what was expected: ${line}`);
  const records = items.map((item): ProtocolRecord => {
    const [kind, ...numbers] = item.split(' ');
    const [index = NaN, second = NaN, third = NaN] = numbers.map(Number);
    return kind === 'A'
      ? { kind: 'announce', index, address: second, length: third }
      : { kind: 'transfer', index, length: second };
  });
  return { records, rest: Number(last[1]) };
}
