// SPDX-License-Identifier: MIT
/** One package as the archive's index describes it. */
export interface Stanza {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  /** below the mirror */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** names it depends on; of alternatives the first */
  readonly depends: readonly string[];
}

export function parseStanza(text: string): Stanza | undefined {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  if (!field('Package') || !field('SHA256')) return undefined;
  return {
    name: field('Package'),
    architecture: field('Architecture'),
    version: field('Version'),
    path: field('Filename'),
    size: Number(field('Size')),
    sha256: field('SHA256'),
    depends: `${field('Pre-Depends')},${field('Depends')}`
      .split(',')
      .flatMap((one) => /^\s*([^\s:(|]+)/.exec(one)?.[1] ?? []),
  };
}

/** The files of one version of a source package, out of all the versions that the index has. */
export function parseSources(text: string, version: string): readonly Stanza[] | undefined {
  const stanza = text.split('\n\n').find((one) => one.split('\n').includes(`Version: ${version}`));
  const directory = /^Directory: (.*)$/m.exec(stanza ?? '')?.[1];
  const sums = /^Checksums-Sha256:((?:\n .*)+)/m.exec(stanza ?? '')?.[1];
  if (directory === undefined || sums === undefined) return undefined;
  return [...sums.matchAll(/^ (\w+) (\d+) (\S+)$/gm)].map(([, sha256 = '', size, name = '']) => ({
    name,
    architecture: 'source',
    version,
    path: `${directory}/${name}`,
    size: Number(size),
    sha256,
    depends: [],
  }));
}
