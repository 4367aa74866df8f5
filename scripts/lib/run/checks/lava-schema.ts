// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildJob } from '../../host/build/job.ts';
import type { Check } from './check.ts';
import { findings } from './findings.ts';
import { remembered } from './remembered.ts';

/** The job, and its test script. */
const paths = ['.ci/lava/job.yaml', '.ci/lava/test.yaml'];

/** Says nothing of files that LAVA's dispatcher would take. */
const program = `
import sys, yaml
from lava_common.schemas import validate
from lava_common.schemas.test import testdef
from voluptuous import Invalid
for path, check in zip(sys.argv[1:], (validate, testdef.validate)):
    try:
        with open(path) as file:
            check(yaml.safe_load(file))
    except Invalid as error:
        print(f"{path}: {error}")
`;

/** The job and its test script are what LAVA's own schemas ask for. */
export function lavaSchema(job: BuildJob): Check {
  return remembered({
    id: 'lava-schema',
    name: "CI: LAVA's schemas take the job and its test script",
    inputs: async () => [program, ...(await Promise.all(paths.map((path) => readFile(join(job.root, path)))))],
    // Debian's own Python: it has what Debian's packages bring.
    run: () => findings('/usr/bin/python3', ['-c', program, ...paths], job),
  });
}
