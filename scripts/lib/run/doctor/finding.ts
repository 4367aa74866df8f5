// SPDX-License-Identifier: MIT

/** One thing that was looked at. */
export interface Finding {
  readonly about: 'host' | 'board';
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'note';
  readonly detail: string;
  /** what to type, for what is missing */
  readonly remedy?: string;
}

const marks = { ok: 'ok      ', missing: 'MISSING ', note: 'note    ' } as const;

export function findingText(finding: Finding): string {
  const remedy = finding.remedy === undefined ? '' : `\n           → ${finding.remedy}`;
  return `  ${marks[finding.state]} ${finding.what.padEnd(24)} ${finding.detail}${remedy}`;
}
