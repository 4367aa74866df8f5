// SPDX-License-Identifier: MIT
// What `npm test` has ava run on a board. By hand, each of the files can be run alone.
import { resolve } from 'node:path';
import { filesOfThisProcess } from '../../../scripts/lib/run/tests/together.ts';
import { load } from '../fixture/file-of-tests.ts';

await load(filesOfThisProcess().map((file) => resolve(file)));
