// SPDX-License-Identifier: MIT
import type { StreamResult } from './result.ts';

/** What was wrong with the data, a sentence each; none when every word arrived as it was written. */
export function faultsOf(result: StreamResult): string[] {
  const faults: string[] = [];
  if (result.corrupt > 0) faults.push(`${result.corrupt} corrupt words${firstWrong(result)}`);
  if (result.wrongSizes > 0) faults.push(`${result.wrongSizes} transfers of a wrong size`);
  if (result.lost > 0) faults.push(`${result.lost} fills never arrived`);
  if (!result.ok && faults.length === 0) faults.push('the agent calls it failed without saying why');
  return faults;
}

function firstWrong(result: StreamResult): string {
  const { wrongBuffer, wrongOffset, wrongExpected, wrongFound } = result;
  if (wrongBuffer === undefined || wrongOffset === undefined) return '';
  const hex = (word = 0) => `0x${word.toString(16).padStart(8, '0')}`;
  return `, the first in buffer ${wrongBuffer} at offset ${wrongOffset}: ${hex(wrongFound)} instead of ${hex(wrongExpected)}`;
}
