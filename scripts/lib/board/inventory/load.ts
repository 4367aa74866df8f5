// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Board } from './board.ts';
import type { CommonOptions } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { bootableKernels } from '../../base/target/bootable.ts';
import { cacheKernels, defaultCaches, type CacheSettings } from '../../base/target/caches.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { firmwarePlatforms } from '../../base/target/firmware-platforms.ts';
import type { LocatedYaml, Mistake } from './located.ts';
import type { Entry, InventoryFile } from './schema.ts';

/** Names the inventory where it is not boards.yaml beside package.json. */
export const inventoryVariable = 'RPMSG_SDB_BOARDS';

/** An emulated board as it is to be, whether it runs or not. */
export interface EmulatedEntry {
  readonly name: string;
  readonly kernel: KernelVersion;
  readonly features: readonly string[];
  readonly patience?: number;
  /** the model of a cache is on */
  readonly caches?: CacheSettings;
}

export type KnownBoard =
  { readonly kind: 'emulated'; readonly entry: EmulatedEntry } | { readonly kind: 'real'; readonly board: Board };

/** The boards that can be asked for by name. */
export interface Inventory {
  readonly boards: ReadonlyMap<string, KnownBoard>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly default: string | undefined;
}

/** The emulated boards that are there without an inventory: one for each kernel. */
export function emulatedName(kernel: KernelVersion): string {
  return `emulated-${kernel}`;
}

/** The one with caches that the coprocessor does not see, for the kernels that have it. */
export function cachesName(kernel: KernelVersion): string {
  return `${emulatedName(kernel)}-caches`;
}

export function cachesEntry(kernel: KernelVersion, caches = defaultCaches): EmulatedEntry {
  return { name: cachesName(kernel), kernel, features: [], caches };
}

/** What the inventory says, and the emulated boards. The file is --boards, else $RPMSG_SDB_BOARDS, else boards.yaml in the root. */
export async function loadInventory(root: string, options: Pick<CommonOptions, 'boards'>): Promise<Inventory> {
  const named = options.boards ?? process.env[inventoryVariable];
  // For the processes of this run, and for the commands that it tells people to type.
  if (options.boards !== undefined) process.env[inventoryVariable] = options.boards;
  const path = named === undefined ? join(root, 'boards.yaml') : resolve(named);
  if (named === undefined && !existsSync(path)) return inventoryOf(undefined, {}, path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `cannot read the inventory of boards: ${(error as Error).message}`, {
      remedy: 'cp boards.example.yaml boards.yaml, or name another with --boards FILE',
      cause: error,
    });
  }
  // Most people have no such file, and wait a fifth of a second less for what is not loaded.
  const { parseInventory } = await import('./parse.ts');
  const { yaml, file, mistakes } = parseInventory(relative(process.cwd(), path) || path, text);
  refuse(mistakes);
  return inventoryOf(yaml, file, path);
}

function refuse(mistakes: readonly Mistake[]): void {
  const [first, ...more] = mistakes.map(({ place, message }) => `${place}: ${message}`);
  if (first === undefined) return;
  throw new Failure('usage', [first, ...more].join('\n'), {
    remedy: 'boards.example.yaml explains every setting; an editor checks them with boards.schema.json',
    kind: 'inventory',
  });
}

function inventoryOf(yaml: LocatedYaml | undefined, file: InventoryFile, path: string): Inventory {
  const boards = new Map<string, KnownBoard>();
  for (const kernel of bootableKernels) {
    const entry = { name: emulatedName(kernel), kernel, features: [] };
    boards.set(entry.name, { kind: 'emulated', entry });
  }
  for (const entry of cacheKernels.map((kernel) => cachesEntry(kernel))) {
    boards.set(entry.name, { kind: 'emulated', entry });
  }
  const mistakes: Mistake[] = [];
  const wrong = (where: readonly string[], message: string, what: 'key' | 'value' = 'key') =>
    mistakes.push({ place: yaml?.placeOf(where, what) ?? path, message: `${where.join('.')}: ${message}` });
  for (const [name, entry] of Object.entries(file.boards ?? {})) {
    boards.set(name, knownBoard(name, entry, file.defaults ?? {}, path, wrong));
  }
  const groups = new Map(Object.entries(file.groups ?? {}));
  for (const [group, names] of groups) {
    if (boards.has(group)) wrong(['groups', group], 'a board has this name already');
    names.forEach((name, i) => {
      if (!boards.has(name)) wrong(['groups', group, String(i)], `there is no board ${name}`, 'value');
    });
  }
  if (file.default !== undefined && !boards.has(file.default)) {
    wrong(['default'], `there is no board ${file.default}`, 'value');
  }
  refuse(mistakes);
  return { boards, groups, default: file.default };
}

type Wrong = (where: readonly string[], message: string, what?: 'key' | 'value') => void;

function knownBoard(name: string, own: Entry, defaults: Entry, path: string, wrong: Wrong): KnownBoard {
  const where = ['boards', name];
  if (own.emulated !== undefined) {
    for (const key of [
      'host',
      'port',
      'user',
      'key',
      'host-key',
      'kernel',
      'kdir',
      'sdk',
      'power',
      'console',
    ] as const) {
      if (own[key] !== undefined) wrong([...where, key], 'an emulated board has its own');
    }
    const kernel = own.emulated as KernelVersion;
    const patience = own.timeouts === undefined ? {} : { patience: own.timeouts };
    return { kind: 'emulated', entry: { name, kernel, features: own.features ?? [], ...patience } };
  }
  const entry: Entry = { ...defaults, ...own };
  if (entry.host === undefined) wrong(where, 'say where it is: host (a real board), or emulated (a kernel)');
  if (entry.key === undefined) wrong(where, 'say which private key the board accepts: key');
  const at = `${entry.port === undefined ? '' : `-p ${entry.port} `}${entry.host ?? 'HOST'}`;
  if (entry['host-key'] === undefined) {
    wrong(where, `say the fingerprint of its host key: host-key (ssh-keyscan -t ed25519 ${at} | ssh-keygen -lf -)`);
  }
  const builds = (['kernel', 'kdir', 'sdk'] as const).filter((key) => own[key] !== undefined);
  if (builds.includes('kernel') && builds.length > 1) wrong([...where, 'kernel'], `not together with ${builds[1]}`);
  return { kind: 'real', board: realBoard(name, entry, builds, path) };
}

function realBoard(name: string, entry: Entry, ownBuilds: readonly string[], path: string): Board {
  const file = (text: string) =>
    text.startsWith('~/') ? join(homedir(), text.slice(2)) : resolve(dirname(path), text);
  // What the board itself says of its kernel takes the place of all that the defaults say of it.
  const said = <Key extends 'kernel' | 'kdir' | 'sdk'>(key: Key) =>
    ownBuilds.length === 0 || ownBuilds.includes(key) ? entry[key] : undefined;
  const kdir = said('kdir');
  const sdk = said('sdk');
  const kernel = said('kernel');
  const isPlatform = firmwarePlatforms.some((platform) => platform === entry.firmware);
  return {
    name,
    address: {
      host: entry.host ?? '',
      port: entry.port ?? 22,
      user: entry.user ?? 'root',
      privateKey: file(entry.key ?? ''),
      hostKey: entry['host-key'] ?? '',
    },
    ...(kernel === undefined ? {} : { kernel }),
    ...(kdir === undefined ? {} : { kdir: file(kdir) }),
    ...(sdk === undefined ? {} : { sdk: file(sdk) }),
    ...(entry.firmware === undefined ? {} : { firmware: isPlatform ? entry.firmware : file(entry.firmware) }),
    ...(entry.power === undefined ? {} : { power: entry.power }),
    ...(entry.console === undefined ? {} : { consoleCommand: entry.console }),
    ...(entry.timeouts === undefined ? {} : { patience: entry.timeouts }),
    features: entry.features ?? [],
    remoteproc: entry.remoteproc ?? 'remoteproc0',
  };
}
