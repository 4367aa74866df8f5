// SPDX-License-Identifier: MIT

/** The settings in a fragment of a kernel configuration, sorted: rewording a comment in it makes no other kernel. */
export function settingsOf(fragment: string): readonly string[] {
  return fragment
    .split('\n')
    .filter((line) => /^(CONFIG_\w+=|# CONFIG_\w+ is not set$)/.test(line))
    .sort();
}

/** The settings that the kernel's own rules did not let stand, because what they depend on is missing. */
export function lostSettings(settings: readonly string[], config: string): readonly string[] {
  const lines = new Set(config.split('\n'));
  return settings.filter((setting) => {
    if (lines.has(setting)) return false;
    const off = /^# (CONFIG_\w+) is not set$/.exec(setting)?.[1];
    // What is off need not be mentioned.
    return off === undefined || config.includes(`\n${off}=`);
  });
}
