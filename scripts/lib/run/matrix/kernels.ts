// SPDX-License-Identifier: MIT
/**
 * The kernels that `npm run build -- --matrix` builds the driver for. Debian's come with the symbols they export, so that
 * the module is also linked as it would be on them. The others are Linux 6.1 configured unlike any of Debian's.
 */
import { type Architecture, arm, arm64 } from '../../base/target/architecture.ts';
import type { Series } from '../../base/target/kernels.ts';

interface Common {
  readonly version: Series;
  readonly machine: Architecture;
  /** what it is in the list for */
  readonly about: string;
}

export interface PackagedKernel extends Common {
  readonly kind: 'packaged';
  /** as in linux-headers-<flavour> */
  readonly flavour: string;
}

export interface ConfiguredKernel extends Common {
  readonly kind: 'configured';
  /** a word for it */
  readonly name: string;
  /** on top of Debian's configuration of the same version, as scripts/config takes them */
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  /** the module is built in the kernel's sources, told where their build is (O=), as Yocto's module class does */
  readonly fromSources: boolean;
}

export type MatrixKernel = PackagedKernel | ConfiguredKernel;

function packaged(version: Series, machine: Architecture, flavour: string, about: string): PackagedKernel {
  return { kind: 'packaged', version, machine, flavour, about };
}

function configured(
  machine: Architecture,
  name: string,
  about: string,
  settings: Partial<Pick<ConfiguredKernel, 'enable' | 'disable' | 'fromSources'>>,
): ConfiguredKernel {
  const plain = { enable: [], disable: [], fromSources: false };
  return { kind: 'configured', version: '6.1', machine, name, about, ...plain, ...settings };
}

export const matrixKernels: readonly MatrixKernel[] = [
  packaged('5.10', arm, 'armmp', 'oldest'),
  packaged('6.1', arm, 'armmp', ''),
  packaged('6.12', arm, 'armmp', ''),
  packaged('7.2', arm, 'armmp', 'newest'),
  packaged('5.10', arm64, 'arm64', '64 bits with 32-bit programs, oldest'),
  packaged('6.1', arm64, 'arm64', '64 bits with 32-bit programs'),
  packaged('6.12', arm64, 'arm64', '64 bits with 32-bit programs'),
  packaged('7.2', arm64, 'arm64', '64 bits with 32-bit programs, newest'),
  packaged('6.1', arm, 'armmp-lpae', 'LPAE'),
  packaged('7.2', arm, 'armmp-lpae', 'LPAE, newest'),
  packaged('6.1', arm, 'rt-armmp', 'PREEMPT_RT'),
  packaged('6.12', arm, 'rt-armmp', 'PREEMPT_RT'),
  packaged('7.2', arm64, 'rt-arm64', 'PREEMPT_RT, newest'),
  packaged('7.2', arm64, 'arm64-16k', 'pages of 16 KiB'),
  configured(arm, 'no-cma', 'no CMA', { disable: ['CMA', 'DMA_CMA', 'DRM', 'ARCH_INTEGRATOR'] }),
  // What selects the settings in question has to go with them.
  configured(arm, 'no-debugfs', 'no DEBUG_FS, no tracing', {
    disable: [
      ...['DEBUG_FS', 'FTRACE', 'PERF_EVENTS', 'PROFILING', 'KPROBES', 'DYNAMIC_DEBUG'],
      ...['SUNRPC_DEBUG', 'PAGE_OWNER', 'BLK_DEV_IO_TRACE', 'DVB_C8SECTPFE', 'NOTIFIER_ERROR_INJECTION'],
    ],
  }),
  configured(arm, 'uniprocessor', 'one core, no high memory', {
    disable: ['SMP', 'HIGHMEM', 'ARCH_OMAP2PLUS_TYPICAL'],
  }),
  configured(arm, 'split', 'sources and build apart, as in Yocto', { fromSources: true }),
  configured(arm64, 'no-compat', '64 bits without 32-bit programs', { disable: ['COMPAT'] }),
];

export function matrixName(kernel: MatrixKernel): string {
  return kernel.kind === 'packaged'
    ? `${kernel.version} ${kernel.flavour}`
    : `${kernel.version} ${kernel.machine.kernel} ${kernel.name}`;
}
