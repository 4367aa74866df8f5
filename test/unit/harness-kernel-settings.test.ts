// SPDX-License-Identifier: MIT
/** The sanitizer kernel's configuration: what makes the kernel another one, and what it must not lose. */

import { lostSettings, settingsOf } from '../../scripts/lib/host/kernel/settings.ts';
import { test } from './together.ts';

test('comments and order make no other kernel', (t) => {
  const settings = ['# CONFIG_C is not set', 'CONFIG_A=y', 'CONFIG_B="text"'];
  t.deepEqual(settingsOf('# why\nCONFIG_B="text"\n\nCONFIG_A=y\n# CONFIG_C is not set\n'), settings);
  t.deepEqual(settingsOf('CONFIG_A=y\n# CONFIG_C is not set\n# other words\nCONFIG_B="text"'), settings);
});

test('a setting that the kernel did not take is found', (t) => {
  const config = '\nCONFIG_A=y\nCONFIG_B=m\n# CONFIG_E is not set\nCONFIG_F=y\n';
  t.deepEqual(lostSettings(['CONFIG_A=y', '# CONFIG_D is not set', '# CONFIG_E is not set'], config), []);
  t.deepEqual(lostSettings(['CONFIG_B=y', 'CONFIG_D=y', '# CONFIG_F is not set'], config), [
    'CONFIG_B=y',
    'CONFIG_D=y',
    '# CONFIG_F is not set',
  ]);
});
