// SPDX-License-Identifier: MIT
// Large buffers are mapped by large pages, where Linux has these for such memory. Only the MMU sees a difference.
import { RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import {
  MADV_HUGEPAGE,
  MADV_NOHUGEPAGE,
  MAP_ANONYMOUS,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_READ,
} from '../../scripts/lib/board/agent/constants.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { fails } from './fixture/errno.ts';
import { iovecs, pipe } from './fixture/iovec.ts';
import { map } from './fixture/mapping.ts';
import type { Mapping } from './fixture/session.ts';
import { calls } from './fixture/tracing.ts';

const page = 4096;
const large = 2 << 20;
/** Five large pages and two ends, wherever the buffer lies. That is more than any block of the page allocator. */
const size = 6 * large;
/** A place inside the large pages, wherever the buffer lies. */
const middle = 2 * large;

const largePages = { needs: ['large-pages', 'kprobes'] };

/**
 * Has work run with transparent huge pages switched to this setting. Linux switches them off on a board with less than
 * 512 MiB.
 */
async function withHugePages({ board }: Scenario, wanted: string, work: () => Promise<void>): Promise<void> {
  const setting = '/sys/kernel/mm/transparent_hugepage/enabled';
  const usual = /\[(\w+)\]/.exec(await board.observer.readFile(setting))?.[1] ?? '';
  await board.observer.writeFile(setting, wanted);
  try {
    await work();
  } finally {
    await board.observer.writeFile(setting, usual);
  }
}

interface Filled {
  readonly file: RecordFile;
  /** the offset of the device at which it is mapped */
  readonly offset: number;
  readonly mapping: Mapping;
}

/**
 * A mapped buffer that the coprocessor has filled and nobody has touched yet. It is write-combined, because cached ones
 * are mapped page by page.
 */
async function filled({ agent, coprocessor }: Scenario): Promise<Filled> {
  const file = await RecordFile.open(agent);
  const { offset } = await file.allocate(size);
  const mapping = await map(agent, file.fd, size, offset);
  await coprocessor.fill(0, size, 5);
  await file.read();
  return { file, offset, mapping };
}

// holds: abi#large-pages, abi#large-pages-place, abi#large-pages-on-touch
boardTest(
  'a large buffer is mapped by large pages, the ends by small ones',
  (s) =>
    withHugePages(s, 'madvise', async () => {
      const { mapping } = await filled(s);
      await s.agent.madvise(mapping.address, size, MADV_HUGEPAGE);
      const inserted = await calls(s.board, ['vmf_insert_pfn_pmd', 'sdb_large_pages_fault'], async () => {
        s.t.like(await mapping.verify(0, 5), { wrong: 0 });
      });
      const isWhole = mapping.address % large === 0;
      s.t.is(inserted.vmf_insert_pfn_pmd, isWhole ? 6 : 5);
      s.t.is(inserted.sdb_large_pages_fault, isWhole ? 0 : 2);
    }),
  largePages,
);

// holds: abi#large-pages-not-populated
boardTest(
  'MAP_POPULATE and mlock() leave a mapping in which large pages fit to the first touch',
  (s) =>
    withHugePages(s, 'always', async () => {
      const { agent, t } = s;
      const file = await RecordFile.open(agent);
      const { offset } = await file.allocate(size);
      const inserted = (work: () => Promise<void>) =>
        calls(s.board, ['vmf_insert_pfn_pmd', 'sdb_large_pages_fault'], work);
      let mapping: Mapping | undefined;
      const populated = await inserted(async () => {
        mapping = await map(agent, file.fd, size, offset, MAP_SHARED | MAP_POPULATE);
        await agent.syscall('mlock', mapping.address, size);
      });
      t.deepEqual(populated, { vmf_insert_pfn_pmd: 0, sdb_large_pages_fault: 0 });
      const touched = await inserted(async () => {
        await mapping?.peek(middle, 4);
      });
      t.like(touched, { vmf_insert_pfn_pmd: 1 });
    }),
  largePages,
);

// holds: abi#large-pages-pin-nothing
boardTest(
  'a mapping of a large buffer is what any mapping is: written, shared with a child, cut, moved',
  (s) =>
    withHugePages(s, 'always', async () => {
      const { agent, coprocessor, t } = s;
      const { file, offset, mapping } = await filled(s);
      await mapping.poke(middle, Buffer.from('seen'));
      const child = await agent.fork('child');
      t.is((await child.peek(mapping.address + middle, 4)).toString(), 'seen');
      await child.poke(mapping.address + middle, Buffer.from('said'));
      t.is((await mapping.peek(middle, 4)).toString(), 'said');
      await child.kill(9);
      await child.wait();

      // Nobody gets the pages behind the mapping.
      const { to } = await pipe(agent);
      await fails(
        t,
        'EFAULT',
        agent.syscall('vmsplice', to, await iovecs(agent, [mapping.address + middle, page]), 1, 0),
      );

      // This makes a hole in the middle of a large page. The rest of the page stays what it was.
      await agent.munmap(mapping.address + middle + page, page);
      t.is((await mapping.peek(middle, 4)).toString(), 'said');
      const rest = mapping.address + middle + 2 * page;
      const length = size - middle - 2 * page;
      const before = await agent.peek(rest, 64);
      await agent.mprotect(rest, length, PROT_READ);
      // The mapping moves to an address where its large pages lie across those of the MMU.
      const away = (await agent.mmap(length + page, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1)) + page;
      await agent.syscall('mremap', rest, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, away);
      t.deepEqual(await agent.peek(away, 64), before);
      await coprocessor.fill(0, size, 6);
      const fresh = await map(agent, file.fd, size, offset);
      t.like(await fresh.verify(0, 6), { wrong: 0 });
      for (const at of [0, large - page, large, length - 64])
        t.deepEqual(await agent.peek(away + at, 64), await fresh.peek(size - length + at, 64));
    }),
  largePages,
);

// holds: abi#large-pages-setting, abi#large-pages-off-on-touch
boardTest(
  'where an application wants no large pages, a large buffer is mapped by small ones, as it is touched',
  (s) =>
    withHugePages(s, 'always', async () => {
      const { mapping } = await filled(s);
      await s.agent.madvise(mapping.address, size, MADV_NOHUGEPAGE);
      const inserted = await calls(s.board, ['vmf_insert_pfn_pmd', 'sdb_large_pages_fault'], async () => {
        s.t.like(await mapping.verify(0, 5), { wrong: 0 });
      });
      s.t.deepEqual(inserted, { vmf_insert_pfn_pmd: 0, sdb_large_pages_fault: mapping.address % large === 0 ? 6 : 7 });
    }),
  largePages,
);
