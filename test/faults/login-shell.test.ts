// SPDX-License-Identifier: MIT
/** Boards whose root has another login shell than sh. What the harness does on any board, it does on these. */
import { Lab, setUpMs } from './fixture/lab.ts';
import { test } from '../together/counted.ts';

let lab: Lab;

test.before(async (t) => {
  t.timeout(setUpMs);
  lab = await Lab.open();
});
test.after.always(() => lab.close());
test.beforeEach((t) => t.timeout(400_000));

/** Before the shell runs anything, its profile prints, each in its own words. */
const shells = {
  '/bin/bsd-csh': { profile: '.cshrc', says: 'echo Welcome' },
  '/bin/tcsh': { profile: '.tcshrc', says: 'echo Welcome' },
  '/usr/bin/fish': { profile: '.config/fish/config.fish', says: 'echo Welcome; echo mind the step >&2' },
} as const;

for (const [shell, { profile, says }] of Object.entries(shells)) {
  test.serial(`root logs in with ${shell}: commands, deploy, tests and doctor are as with any other`, async (t) => {
    await lab.sh(`sed -i 's,^\\(root:.*\\):.*,\\1:${shell},' /etc/passwd`);
    lab.hangUp();
    const said = await lab.sh(`printf '%s|' "$SHELL" "it's" 'a!b' '$HOME' "$((6 * 7))" 'two\nlines'`);
    t.is(said, `${shell}|it's|a!b|$HOME|42|two\nlines|`);
    await lab.sh(`mkdir -p "$(dirname /root/${profile})"; echo '${says}' >/root/${profile}`);
    await lab.sh('rm -rf /var/lib/rpmsg-sdb');
    const deployed = await lab.run('deploy');
    t.is(deployed.exitCode, 0, deployed.failure?.message);
    const tested = await lab.run('hil', {}, '--grep', 'every word right');
    t.is(tested.exitCode, 0, tested.failure?.message);
    const told = await lab.run('doctor');
    t.is(told.exitCode, 0, told.failure?.message);
    const findings = told.events.flatMap(
      (event) => (event['findings'] as { what: string; detail: string }[] | undefined) ?? [],
    );
    t.regex(findings.find(({ what }) => what === 'login shell')?.detail ?? '', /prints "Welcome"/);
    await lab.sh(`rm /root/${profile}`);
  });
}
