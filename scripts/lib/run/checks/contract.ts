// SPDX-License-Identifier: MIT
import { survey } from '../contract/survey.ts';
import type { Check } from './check.ts';

/** Each sentence of the interface's documents has a test or a reason, and no test holds one that is not there. */
export function contract({ root }: { readonly root: string }): Check {
  return {
    name: 'interface: each sentence has a test, or a reason',
    async run() {
      const { faults } = await survey(root);
      return faults.length > 0 ? faults.join('\n') : undefined;
    },
  };
}
