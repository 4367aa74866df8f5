// SPDX-License-Identifier: MIT

/** What a target said when it ended before its time. */
export interface Finding {
  /** one sentence */
  readonly what: string;
  /** the input that did it, relative to where the target ran or absolute; undefined if it was not saved */
  readonly input: string | undefined;
}

/** The first line that tells what is wrong: a property of the target's own, or a sanitizer's summary. */
const tellingLines: readonly RegExp[] = [
  /^.*: not so: .*$/m,
  /^.*: runtime error: .*$/m,
  /^==\d+==\s*ERROR: (AddressSanitizer: [^(\n]*)/m,
  /^==\d+==\s*ERROR: (.*)$/m,
  /^SUMMARY: (.*)$/m,
];

/** Reads what libFuzzer and the sanitizers print. */
export function readFinding(said: string): Finding {
  const match = tellingLines.map((line) => line.exec(said)).find((one) => one !== null);
  const what = (match?.[1] ?? match?.[0] ?? 'ended without saying why').trim();
  return { what, input: /Test unit written to (\S+)/.exec(said)?.[1] };
}
