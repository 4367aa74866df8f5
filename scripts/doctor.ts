// SPDX-License-Identifier: MIT
import { runVerb } from './lib/base/cli/run-verb.ts';
import type { CommonOptions } from './lib/base/cli/context.ts';
import { examine } from './lib/run/doctor/examine.ts';
import { inventoryJsonSchema } from './lib/board/inventory/schema.ts';

interface DoctorOptions extends CommonOptions {
  readonly schema?: boolean;
}

await runVerb(
  'doctor',
  'Looks at this host, then at the board, and says what is missing and what mends it.',
  (program, act) => {
    program.option('--schema', 'print the JSON Schema of boards.yaml, and nothing else');
    act<DoctorOptions>(program, 'work', (context) => {
      if (!context.options.schema) return examine(context);
      context.log.result(inventoryJsonSchema().trimEnd(), { schema: inventoryJsonSchema() });
      return 0;
    });
  },
);
