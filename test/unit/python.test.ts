// SPDX-License-Identifier: MIT
// tools/python/rpmsg_sdb.py is compared with kernel/uapi/rpmsg_sdb.h. A C compiler says what the header means.
import { readFile } from 'node:fs/promises';

import { execa } from 'execa';
import { z } from 'zod';

import { inTree } from './native.ts';
import { test } from './together.ts';

/** What Python has: its constants, and the place and size in bytes of each structure's members. */
const answerSchema = z.object({
  constants: z.record(z.string(), z.number()),
  structures: z.record(
    z.string(),
    z.object({ size: z.number(), members: z.array(z.tuple([z.string().nullable(), z.number(), z.number()])) }),
  ),
});

const program = `
import json, struct, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import rpmsg_sdb as sdb
names = {"TRANSFER": sdb.Transfer, "QUERY": sdb.Query, "ALLOCATION": sdb.Allocation, "BUFFER": sdb.Place, "DMABUF": sdb.DmaBuf, "EXPORT": sdb.Export}
structures = {}
for name, layout in vars(sdb).items():
    if isinstance(layout, struct.Struct):
        letters = layout.format[1:]
        fields = names[name]._fields if name in names else [None] * len(letters)
        assert layout.format[0] == "=" and len(fields) == len(letters)
        members = [[field, struct.calcsize("=" + letters[:i]), struct.calcsize("=" + letters[i])] for i, field in enumerate(fields)]
        structures["rpmsg_sdb_" + name.lower()] = {"size": layout.size, "members": members}
constants = {name: value for name, value in vars(sdb).items() if name[0] != "_" and name.isupper() and isinstance(value, int)}
print(json.dumps({"constants": constants, "structures": structures}))
`;

/** Names in Python that differ from those in C, because Python cannot have these. */
const nameInC: Readonly<Record<string, string>> = { channel_index: 'index' };

async function pythons(): Promise<z.infer<typeof answerSchema>> {
  const { stdout } = await execa('/usr/bin/python3', ['-I', '-c', program, inTree('tools/python')]);
  return answerSchema.parse(JSON.parse(stdout));
}

/** The members of a structure of the header, in order. */
function membersOf(header: string, name: string): string[] {
  const [, body = ''] = new RegExp(`^struct ${name} \\{\n([^}]*)\\}`, 'm').exec(header) ?? [];
  return [...body.matchAll(/(\w+);/g)].map(([, member]) => member ?? '');
}

test('the constants, ioctl numbers and structures of the Python bindings are those of the header', async (t) => {
  const { constants, structures } = await pythons();
  const header = await readFile(inTree('kernel/uapi/rpmsg_sdb.h'), 'utf8');
  const [, second = ''] = header.split('---- Version 2 ----');
  const wanted = [...second.matchAll(/^#define RPMSG_SDB_(\w+)/gm)].map(([, name]) => name ?? '');
  t.deepEqual(Object.keys(constants).sort(), wanted.sort());
  const described = [...second.matchAll(/^struct (\w+) \{/gm)].map(([, name]) => name ?? '');
  t.deepEqual(Object.keys(structures).sort(), described.sort());

  const same = (what: string, value: number): string => `_Static_assert((${what}) == ${String(value)}, "${what}");`;
  const claims = [
    ...Object.entries(constants).map(([name, value]) => same(`RPMSG_SDB_${name}`, value)),
    ...Object.entries(structures).flatMap(([name, { size, members }]) => [
      same(`sizeof(struct ${name})`, size),
      ...membersOf(header, name).flatMap((member, i) => {
        const [field, offset, bytes] = members[i] ?? [null, NaN, NaN];
        if (field !== null) t.is(nameInC[field] ?? field, member, name);
        return [
          same(`offsetof(struct ${name}, ${member})`, offset),
          same(`sizeof(((struct ${name} *)0)->${member})`, bytes),
        ];
      }),
    ]),
  ];
  const source = ['#include <stddef.h>', '#include <rpmsg_sdb.h>', ...claims, ''].join('\n');
  for (const compiler of ['gcc', 'arm-linux-gnueabihf-gcc']) {
    const words = ['-std=gnu11', '-Wall', '-Werror', '-fsyntax-only', `-I${inTree('kernel/uapi')}`, '-x', 'c', '-'];
    const { failed, stderr } = await execa(compiler, words, { input: source, reject: false });
    t.false(failed, stderr);
  }
});
