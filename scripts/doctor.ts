// SPDX-License-Identifier: MIT
import { runVerb } from './lib/cli/run-verb.ts';
import type { CommonOptions } from './lib/cli/context.ts';
import { examine } from './lib/doctor/examine.ts';
import { inventoryJsonSchema } from './lib/inventory/schema.ts';

interface DoctorOptions extends CommonOptions {
  readonly schema?: boolean;
}

await runVerb(
  'doctor',
  'Looks at this host, then at the board: what is missing, and what mends it.',
  (program, act) => {
    program.option('--schema', 'print the JSON Schema of boards.yaml, and nothing else');
    act<DoctorOptions>(program, 'work', (context) => {
      if (!context.options.schema) return examine(context);
      context.log.result(inventoryJsonSchema().trimEnd(), { schema: inventoryJsonSchema() });
      return 0;
    });
  },
);
