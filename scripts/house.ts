// SPDX-License-Identifier: MIT
import { Failure } from './lib/base/failure/failure.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import { picture } from './lib/run/house/picture.ts';
import { survey } from './lib/run/house/survey.ts';

await runVerb(
  'house',
  'Shows which folder of the harness imports from which, and which imports the plan forbids.',
  (program, act) => {
    act(program, 'data', async (context) => {
      const found = await survey(context.root);
      context.log.result(picture(found), { ...found });
      if (found.violations.length > 0) {
        throw new Failure('test', `${found.violations.length} imports against the plan`, {
          remedy: 'move the file to the room that its imports say, or turn the import round',
        });
      }
    });
  },
);
