// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { ExecutionContext } from 'ava';
import { bootableKernels } from '../../scripts/lib/base/target/bootable.ts';
import { namedBoards, wantedBoard } from '../../scripts/lib/run/choice/find.ts';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { loadInventory } from '../../scripts/lib/board/inventory/load.ts';
import { inventoryJsonSchema } from '../../scripts/lib/board/inventory/schema.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

const root = resolve(import.meta.dirname, '../..');
const hostKey = `SHA256:${'x'.repeat(43)}`;

function written(text: string): string {
  const path = join(temporary('inventory'), 'boards.yaml');
  writeFileSync(path, text);
  return path;
}

function load(text: string) {
  return loadInventory(root, { boards: written(text) });
}

/** Line, column and message of each mistake. */
async function mistakes(t: ExecutionContext, text: string): Promise<string[]> {
  const path = written(text);
  const failure = await t.throwsAsync(loadInventory(root, { boards: path }), { instanceOf: Failure });
  t.is(failure.failureClass, 'usage');
  t.is(failure.kind, 'inventory');
  t.truthy(failure.remedy);
  return failure.message.split('\n').map((line) => line.replace(`${relative(process.cwd(), path)}:`, ''));
}

test('the example is an inventory', async (t) => {
  const {
    boards,
    groups,
    default: fallback,
  } = await loadInventory(root, { boards: join(root, 'boards.example.yaml') });
  t.is(fallback, 'desk');
  t.deepEqual(groups.get('rack'), ['desk', 'rack-1']);
  const rack = boards.get('rack-1');
  t.like(rack, {
    kind: 'real',
    board: { address: { host: 'rack-1.lab.example', port: 2222, user: 'root' }, patience: 1.5 },
  });
  t.like(boards.get('second'), { kind: 'emulated', entry: { name: 'second', kernel: '6.12', features: ['second'] } });
  t.truthy(boards.get('emulated-6.1'));
});

test('the schema for editors is the one that is checked', (t) => {
  t.deepEqual(
    JSON.parse(readFileSync(join(root, 'boards.schema.json'), 'utf8')),
    JSON.parse(inventoryJsonSchema()),
    'npm run -s doctor -- --schema > boards.schema.json && npx prettier --write boards.schema.json',
  );
});

test('defaults hold for real boards only, and what a board says of its kernel takes their place', async (t) => {
  const { boards } = await load(`
defaults: { key: rack.key, sdk: env, user: me, timeouts: 3 }
boards:
  a: { host: a, host-key: "${hostKey}" }
  b: { host: b, host-key: "${hostKey}", kdir: build, user: you }
  c: { emulated: "6.1" }
`);
  t.like(boards.get('a'), { board: { address: { user: 'me', port: 22 }, patience: 3 } });
  const [a, b] = ['a', 'b'].map((name) => {
    const known = boards.get(name);
    return known?.kind === 'real' ? known.board : undefined;
  });
  t.regex(a?.sdk ?? '', /\/env$/);
  t.is(b?.sdk, undefined);
  t.regex(b?.kdir ?? '', /\/build$/);
  t.is(b?.address.user, 'you');
  t.deepEqual(boards.get('c'), { kind: 'emulated', entry: { name: 'c', kernel: '6.1', features: [] } });
});

test('each mistake is shown where it stands', async (t) => {
  t.deepEqual(
    await mistakes(
      t,
      `boards:\n  a:\n    host: a\n    port: 70000\n    host-key: md5\n    hots: b\n  "x,y": {}\n  c: { emulated: 6.1 }\n`,
    ),
    [
      '4:11: boards.a.port: Too big: expected number to be <=65535',
      '5:15: boards.a.host-key: give the fingerprint as ssh-keygen -lf prints it: SHA256:…',
      '6:5: boards.a.hots: there is no such setting',
      '7:3: boards.x,y: a name is letters, digits, ".", "_" and "-", and begins with a letter or digit',
      `8:18: boards.c.emulated: name a kernel in quotes, one of ${bootableKernels.join(', ')}`,
    ],
  );
});

test('what a board lacks is shown at its name, with the command that finds it out', async (t) => {
  t.deepEqual(await mistakes(t, `boards:\n  a: { host: a.example, port: 2222, key: k }\n  b: {}\n`), [
    '2:3: boards.a: say the fingerprint of its host key: host-key (ssh-keyscan -t ed25519 -p 2222 a.example | ssh-keygen -lf -)',
    '3:3: boards.b: say where it is: host (a real board), or emulated (a kernel)',
    '3:3: boards.b: say which private key the board accepts: key',
    '3:3: boards.b: say the fingerprint of its host key: host-key (ssh-keyscan -t ed25519 HOST | ssh-keygen -lf -)',
  ]);
});

test('what is no YAML is shown where it breaks', async (t) => {
  const [first = ''] = await mistakes(t, 'boards:\n  a: [\n');
  t.regex(first, /^3:1: /);
});

test('names that lead nowhere are mistakes', async (t) => {
  t.deepEqual(
    await mistakes(t, `default: nobody\ngroups:\n  all: [emulated-6.1, gone]\n  emulated-6.1: [emulated-6.12]\n`),
    [
      '3:23: groups.all.1: there is no board gone',
      '4:3: groups.emulated-6.1: a board has this name already',
      '1:10: default: there is no board nobody',
    ],
  );
});

test('an emulated board has its own address, power and console', async (t) => {
  t.deepEqual(await mistakes(t, `boards:\n  a: { emulated: "6.1", console: cat }\n`), [
    '2:25: boards.a.console: an emulated board has its own',
  ]);
});

test('a file that is not there fails with what to do', async (t) => {
  const failure = await t.throwsAsync(loadInventory(root, { boards: '/nowhere/boards.yaml' }), { instanceOf: Failure });
  t.regex(failure.remedy ?? '', /boards\.example\.yaml/);
});

test('groups and repeated boards come to each board once', async (t) => {
  const inventory = await load('groups: { all: [emulated-6.1, emulated-6.12] }');
  t.deepEqual(namedBoards(inventory, { board: 'emulated-6.12,all' }), ['emulated-6.12', 'emulated-6.1']);
  t.throws(() => wantedBoard(inventory, { board: 'all' }), { message: /one board at a time/ });
});

test('a board that nobody knows is refused with those that are known', async (t) => {
  const inventory = await load('groups: { all: [emulated-6.1] }');
  const failure = t.throws(() => wantedBoard(inventory, { board: 'x' }), {
    instanceOf: Failure,
  });
  t.regex(failure.remedy ?? '', /emulated-6\.1.*all/);
});
