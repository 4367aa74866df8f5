// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compilerVersion } from '../../host/programs/compiler.ts';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs } from '../../host/build/sources.ts';
import type { Check } from './check.ts';
import { sideBySide } from '../../base/process/side-by-side.ts';
import { driverFiles } from './c-files.ts';
import { findings } from './findings.ts';
import { kernelScripts } from './kernel-scripts.ts';
import { remembered } from './remembered.ts';

/**
 * The kernel's semantic patches about what this driver does: memory, copies, locks, lists, file and device operations.
 * Left out are those about hardware that it does not touch (PCI, clocks, interrupts, power management, device trees) and
 * those without a report mode.
 */
const semanticPatches: Readonly<Record<string, readonly string[]>> = {
  api: [
    'alloc/alloc_cast',
    'alloc/zalloc-simple',
    'atomic_as_refcounter',
    'device_attr_show',
    'err_cast',
    'kfree_mismatch',
    'kvmalloc',
    'memdup',
    'memdup_user',
    'platform_no_drv_owner',
    'resource_size',
    'stream_open',
    'vma_pages',
  ],
  free: ['devm_free', 'ifnulldev_put', 'ifnullfree', 'kfree', 'kfreeaddr', 'put_device'],
  iterators: ['itnull', 'list_entry_update', 'use_after_iter'],
  locks: ['call_kern', 'double_lock', 'flags', 'mini_lock'],
  misc: [
    'array_size',
    'array_size_dup',
    'badty',
    'boolconv',
    'cond_no_effect',
    'do_div',
    'doubleinit',
    'excluded_middle',
    'flexible_array',
    'ifcol',
    'minmax',
    'noderef',
    'orplus',
    'returnvar',
    'semicolon',
    'swap',
    'test_addr',
    'uninitialized_var',
    'warn',
  ],
  null: ['deref_null', 'eno', 'kmerr'],
  tests: ['doublebitand', 'doubletest', 'odd_ptr_err', 'unsigned_lesser_than_zero'],
};

export function coccinelle(job: BuildJob): Check {
  const patches = Object.entries(semanticPatches).flatMap(([group, names]) => names.map((name) => `${group}/${name}`));
  return remembered({
    id: 'coccinelle',
    name: 'driver: coccinelle finds nothing',
    inputs: async (log) => [
      await compilerVersion('spatch'),
      await kernelScripts(log),
      ...patches,
      ...(await sourceInputs(job.root, ['kernel'])),
    ],
    run: async (log) => {
      const folder = join(await kernelScripts(log), 'scripts', 'coccinelle');
      const files = await driverFiles(job.root);
      const found = await sideBySide(patches, availableParallelism(), (patch) =>
        report(join(folder, `${patch}.cocci`), files, job),
      );
      const texts = found.flatMap((text, i) => (text === undefined ? [] : [`${patches[i] ?? ''}: ${text}`]));
      return texts.length === 0 ? undefined : texts.join('\n');
    },
  });
}

/** What one semantic patch reports. It says itself how it wants to be run, as the kernel's coccicheck reads it. */
async function report(patch: string, files: readonly string[], job: BuildJob): Promise<string | undefined> {
  const options =
    /^\/\/ Options:(.*)$/m
      .exec(await readFile(patch, 'utf8'))?.[1]
      ?.trim()
      .split(/\s+/) ?? [];
  const words = ['-D', 'report', '--very-quiet', '--cocci-file', patch, ...options.filter(Boolean), ...files];
  const said = await findings('spatch', words, job);
  const own =
    said?.split('\n').filter((line) => !/^warning: line \d+: should \w+ be a metavariable\?$/.test(line)) ?? [];
  return own.length === 0 ? undefined : own.join('\n');
}
