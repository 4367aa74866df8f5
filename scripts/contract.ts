// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runVerb } from './lib/base/cli/run-verb.ts';
import { Failure } from './lib/base/failure/failure.ts';
import { page, totals } from './lib/run/contract/page.ts';
import { survey } from './lib/run/contract/survey.ts';

await runVerb(
  'contract',
  'Lists each sentence of kernel/ABI.md and kernel/PROTOCOL.md with the tests that hold it, in out/contract.md.',
  (program, act) => {
    act(program, 'data', async (context) => {
      const found = await survey(context.root);
      const file = join(context.root, 'out', 'contract.md');
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, page(found));
      const untested = found.sentences.filter(({ tests }) => tests.length === 0);
      const lines = untested.map(({ id, reason }) => `${id}: ${reason ?? 'no reason'}`);
      context.log.result([totals(found.sentences), ...lines, ...found.faults, 'out/contract.md'].join('\n'), {
        ...found,
      });
      if (found.faults.length > 0) {
        throw new Failure('test', `${found.faults.length} faults between the documents and the tests`, {
          remedy: 'say above a test which sentence it holds, or in test/untested.yaml why none does',
        });
      }
    });
  },
);
