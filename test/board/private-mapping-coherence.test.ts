// SPDX-License-Identifier: MIT
// Applications map a buffer as private and write to it. The mapping must still show what the coprocessor writes.
import * as linux from '../../scripts/lib/board/agent/constants.ts';
import { boardTest } from './fixture/board-test.ts';
import { Session } from './fixture/session.ts';

const kinds = [
  ['private', linux.MAP_PRIVATE],
  ['shared', linux.MAP_SHARED],
] as const;

for (const [name, flags] of kinds) {
  // holds: abi#private-is-coherent
  boardTest(
    `a ${name} mapping shows the coprocessor's data after the application wrote to it`,
    async ({ t, agent, coprocessor }) => {
      const session = await Session.open(agent);
      const mapping = await session.map(1 << 20, { flags });
      // One known SDK writes to bytes 0 and 1 of a buffer before it uses it.
      await mapping.poke(0, Buffer.from([1, 2]));
      await coprocessor.fill(0, 1 << 20, 5);
      t.like(await mapping.verify(0, 5), { wrong: 0 });
      await agent.set(mapping.address, mapping.length, 0x77);
      t.is(await agent.countDifferent(mapping.address, mapping.length, 0x77), 0);
      await coprocessor.fill(0, 1 << 20, 6);
      t.like(await mapping.verify(0, 6), { wrong: 0 });
    },
  );

  // holds: abi#private-is-coherent
  boardTest(
    `after fork() parent and child both see the coprocessor's data through a ${name} mapping`,
    async ({ t, agent, coprocessor }) => {
      const session = await Session.open(agent);
      const mapping = await session.map(1 << 20, { flags });
      await mapping.poke(0, Buffer.from([1]));
      const child = await agent.fork('child');
      // If there was a copy on write, it would happen now, in either mapping.
      await mapping.poke(4096, Buffer.from([2]));
      await coprocessor.fill(0, 1 << 20, 5);
      t.like(await mapping.verify(0, 5), { wrong: 0 });
      t.like(await mapping.in(child).verify(0, 5), { wrong: 0 });
      await mapping.in(child).poke(8192, Buffer.from('child'));
      t.deepEqual(await mapping.peek(8192, 5), Buffer.from('child'));
      await coprocessor.fill(0, 1 << 20, 6);
      t.like(await mapping.verify(0, 6), { wrong: 0 });
      t.like(await mapping.in(child).verify(0, 6), { wrong: 0 });
      await child.wait();
      await mapping.poke(0, Buffer.from([3]));
      await coprocessor.fill(0, 1 << 20, 7);
      t.like(await mapping.verify(0, 7), { wrong: 0 });
    },
  );

  boardTest(
    `a ${name} mapping whose protection was changed and changed back, if that is allowed, is still coherent`,
    async ({ t, agent, coprocessor }) => {
      const session = await Session.open(agent);
      const mapping = await session.map(16384, { flags });
      await mapping.poke(0, Buffer.from([1]));
      await agent.mprotect(mapping.address, 16384, linux.PROT_READ);
      await coprocessor.fill(0, 16384, 5);
      t.like(await mapping.verify(0, 5), { wrong: 0 });
      const refused = await agent.mprotect(mapping.address, 16384, linux.PROT_READ | linux.PROT_WRITE).then(
        () => false,
        () => true,
      );
      if (!refused) await mapping.poke(0, Buffer.from([1]));
      await coprocessor.fill(0, 16384, 6);
      t.like(await mapping.verify(0, 6), { wrong: 0 });
    },
  );

  boardTest(
    `what the application writes through a ${name} mapping is in the buffer that its next mapping shows`,
    async ({ t, agent, coprocessor }) => {
      const session = await Session.open(agent);
      const mapping = await session.map(4096, { flags });
      const other = await agent.fork('other');
      await mapping.poke(100, Buffer.from('for the coprocessor'));
      t.deepEqual(await mapping.in(other).peek(100, 19), Buffer.from('for the coprocessor'));
      await coprocessor.fill(0, 50, 1);
      t.deepEqual(await mapping.peek(100, 19), Buffer.from('for the coprocessor'));
    },
  );

  // holds: abi#private-is-coherent
  boardTest(
    `a grandchild, after its parents are gone, still sees the coprocessor's data through a ${name} mapping`,
    async ({ t, agent, coprocessor }) => {
      const session = await Session.open(agent);
      const mapping = await session.map(65536, { flags });
      const child = await agent.fork('child');
      const grandchild = await child.fork('grandchild');
      await mapping.unmap();
      await session.close();
      await mapping.in(grandchild).poke(0, Buffer.from([9]));
      await coprocessor.request('fill 0 65536 5');
      t.like(await mapping.in(grandchild).verify(0, 5), { wrong: 0 });
    },
  );
}
