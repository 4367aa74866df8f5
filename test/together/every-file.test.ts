// SPDX-License-Identifier: MIT
// The files that `npm test` has one process of ava run. By hand, each of them runs alone.
import { resolve } from 'node:path';
import { standStillWithHarness } from '../../scripts/lib/run/tests/stand-still.ts';
import { filesOfThisProcess } from '../../scripts/lib/run/tests/together.ts';
import { load } from './file-of-tests.ts';

standStillWithHarness();
await load(filesOfThisProcess().map((file) => resolve(file)));
