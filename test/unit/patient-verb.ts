// SPDX-License-Identifier: MIT
/**
 * A verb that waits until it is stopped, and then takes a while for a report. harness-interruptions.test.ts runs it.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommonOptions } from '../../scripts/lib/base/cli/context.ts';
import { runVerb } from '../../scripts/lib/base/cli/run-verb.ts';

interface PatientOptions extends CommonOptions {
  readonly chatter?: boolean;
}

const file = process.env['PATIENT_VERB_FILE'] ?? '';
const note = (what: string) => appendFileSync(file, `${what}\n`);

await runVerb('patient', 'Waits.', (program, act) => {
  program.option('--chatter', 'say a lot meanwhile');
  act<PatientOptions>(program, 'work', async (context) => {
    const { options, log, signal } = context;
    context.defer(async (failure) => note(`report of ${failure?.failureClass ?? 'nothing'}`));
    context.defer(() => sleep(process.env['PATIENT_VERB_SLOW'] === 'yes' ? 60_000 : 1500));
    note('begun');
    while (!signal.aborted) {
      if (options.chatter) for (let i = 0; i < 1000; i++) log.info('and another thing');
      await sleep(50);
    }
    // The verb does not look after its own end. The frame waits for what was deferred, and then ends the verb.
    await sleep(60_000);
  });
});
