// SPDX-License-Identifier: MIT

export interface DriverBuild {
  /** the kernel's build directory */
  readonly kdir: string;
  /** ARCH=…, CROSS_COMPILE=… and the like */
  readonly makeArguments: readonly string[];
  /** all of make's environment (an SDK's); that of this process when not said */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

/** The value of a variable that make is told. */
export function argument({ makeArguments }: Pick<DriverBuild, 'makeArguments'>, name: string): string | undefined {
  return makeArguments.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A tool of the compiler's, by the names that it has beside gcc and beside clang (Documentation/kbuild/llvm.rst). */
export function tool(build: DriverBuild, gnu: string, llvm: string): string {
  const prefix = argument(build, 'CROSS_COMPILE') ?? '';
  const value = argument(build, 'LLVM') ?? build.env?.['LLVM'] ?? '';
  if (value === '') return `${prefix}${gnu}`;
  // A folder, or the end of the names.
  return value.endsWith('/') ? `${value}${llvm}` : value.startsWith('-') ? `${llvm}${value}` : llvm;
}
