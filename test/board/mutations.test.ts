// SPDX-License-Identifier: MIT
// The driver is built with one mistake at a time. The scenario that mutations.yaml names has to fail with it. `npm test
// -- --caches` builds these drivers.
import { cachesFeature } from '../../scripts/lib/base/target/caches.ts';
import { mutatedOfThisProcess } from '../../scripts/lib/run/tests/mutated.ts';
import { boardTest } from './fixture/board-test.ts';
import { cacheScenario } from './fixture/cache-test.ts';
import { withDriver } from './fixture/driver-module.ts';

const remote = '/tmp/rpmsg_sdb-wrong.ko';

for (const { name, caughtBy, module } of mutatedOfThisProcess()) {
  boardTest(
    name,
    async (s) => {
      const scenario = cacheScenario(caughtBy);
      await s.board.put(module, remote);
      await withDriver(s, remote, async () => {
        const agent = await s.board.newAgent();
        const attempt = await s.t.try((t) => scenario({ ...s, t, agent }));
        attempt.discard();
        s.t.false(attempt.passed, `"${caughtBy}" passes all the same`);
        const [error] = attempt.errors;
        // It must have seen something wrong. An error that a call throws would say nothing about caches.
        s.t.truthy(error?.assertion, `"${caughtBy}" ends with ${String(error?.cause)}`);
      });
      // What the hardware complains of here is the wrong driver's doing.
      await s.board.newComplaints();
    },
    { needs: [cachesFeature], timeout: 90_000 },
  );
}
