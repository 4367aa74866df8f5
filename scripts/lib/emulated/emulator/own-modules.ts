// SPDX-License-Identifier: MIT
/** Modules that the emulated boards have besides a kernel's own. */
import type { Log } from '../../base/log/log.ts';
import { arm64 } from '../../base/target/architecture.ts';
import { sourceText } from '../../base/target/emulator-sources.ts';
import { leftOutModules } from '../../host/kernel/left-out-modules.ts';
import { type ModuleSources, outOfTreeModules } from '../../host/kernel/out-of-tree.ts';
import type { KernelBuild } from '../../host/kernel/shapes.ts';

function sources(folder: string, module: string): ModuleSources {
  return {
    title: `test/emulator/${folder}/${module}`,
    modules: [module],
    files: { [`${module}.c`]: sourceText(`${folder}/${module}.c`), Kbuild: sourceText(`${folder}/Kbuild`) },
  };
}

/** Paths of the modules: for tests only, and what Debian leaves out. */
export async function ownModules(build: KernelBuild, log: Log): Promise<readonly string[]> {
  const region = await outOfTreeModules(build, sources('sdb_region', 'sdb_region'), log);
  // The 64-bit board's coprocessor has no mailbox, reset and clock but those of a module.
  const hardware = build.architecture === arm64 ? await outOfTreeModules(build, sources('arm64', 'mcu_hw'), log) : [];
  return [...region, ...hardware, ...(await leftOutModules(build, log))];
}
