// SPDX-License-Identifier: MIT
/**
 * What a kernel's modules must be made with: the compiler that the kernel was made with, and a key if it takes signed
 * modules only.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import { crossPackages, type HostPackage } from '../programs/packages.ts';
import { installCommand } from '../programs/prepare.ts';
import { argument, type DriverBuild, tool } from './driver-build.ts';
import type { BuildJob } from './job.ts';
import { kernelSettings } from './kernel-directory.ts';

type Settings = ReadonlyMap<string, string>;

/** The same build, with what the kernel's settings say about the compiler. Fails when this host cannot do it. */
export async function fitted(build: DriverBuild): Promise<DriverBuild> {
  // The kernel's makefiles take no such path, and say so in many ways.
  if (/[\s:]/.test(build.kdir)) {
    throw new Failure('usage', `no module can be built in ${build.kdir}: make takes no white space or ":" in a path`, {
      remedy: 'move the kernel build directory',
    });
  }
  const settings = await kernelSettings(build.kdir);
  const said = argument(build, 'LLVM') ?? build.env?.['LLVM'];
  const llvm = said ?? (settings.get('CC_IS_CLANG') === 'y' ? '1' : undefined);
  const more = llvm === undefined || said !== undefined ? [] : [`LLVM=${llvm}`];
  const fit = { ...build, makeArguments: [...build.makeArguments, ...more] };
  await expectCompiler(fit);
  return fit;
}

async function expectCompiler(build: DriverBuild): Promise<void> {
  const compiler = tool(build, 'gcc', 'clang');
  const result = await execa(compiler, ['--version'], {
    reject: false,
    ...(build.env === undefined ? {} : { env: build.env, extendEnv: false }),
  });
  if (!result.failed) return;
  throw new Failure('host', `${compiler}, which the kernel in ${build.kdir} is to be built with, does not run`, {
    remedy: remedyFor(compiler),
    cause: result.cause,
  });
}

function remedyFor(compiler: string): string {
  const known = Object.values(crossPackages)
    .flat()
    .find(({ provides }) => provides === compiler);
  if (known) return installCommand([known]);
  const [, version] = /^clang(-\d+)?$/.exec(compiler) ?? [];
  if (compiler.startsWith('clang')) return installCommand(llvmPackages(version ?? ''));
  return 'give the beginning of its name as CROSS_COMPILE, with its folder if it is not on the PATH: CROSS_COMPILE=/opt/…/bin/arm-linux-gnueabihf-';
}

function llvmPackages(version: string): readonly HostPackage[] {
  return ['clang', 'lld', 'llvm'].map((name) => ({ name: `${name}${version}`, reason: '', provides: '' }));
}

/**
 * Signs the module as the kernel's own modules_install would. If the kernel takes signed modules only, and its key is
 * not there, that is said: the module is whole, but somebody else has to sign it.
 */
export async function sign(module: string, { kdir }: DriverBuild, job: BuildJob): Promise<void> {
  const settings = await kernelSettings(kdir);
  if (settings.get('MODULE_SIG') !== 'y') return;
  const key = inside(kdir, settings.get('MODULE_SIG_KEY') ?? '');
  const certificate = join(kdir, 'certs/signing_key.x509');
  const program = join(kdir, 'scripts/sign-file');
  if ([key, certificate, program].every((path) => existsSync(path))) {
    await runLogged({
      command: program,
      arguments: [settings.get('MODULE_SIG_HASH') ?? '', key, certificate, module],
      log: job.outputs.file('sign.log'),
      signal: job.signal,
      failure: { class: 'host', message: 'cannot sign the driver' },
    });
  } else if (settings.get('MODULE_SIG_FORCE') === 'y') {
    job.log.warn(unsigned(kdir, settings, module));
  }
}

function unsigned(kdir: string, settings: Settings, module: string): string {
  const sign = `scripts/sign-file ${settings.get('MODULE_SIG_HASH') ?? ''} KEY CERTIFICATE ${module}`;
  return `this kernel takes signed modules only, and ${kdir} has not all of the key, certs/signing_key.x509 and scripts/sign-file: where they are, run ${sign}`;
}

/** A path as the kernel's settings give it: of the build directory's, unless it says where it is. */
function inside(kdir: string, path: string): string {
  return path.startsWith('/') ? path : join(kdir, path);
}
