/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same about what is emulated: 32-bit ARM, a whole machine. */
#define CONFIG_SOFTMMU 1
#define TARGET_ARM 1
#define TARGET_SUPPORTS_MTTCG 1
#define TARGET_NAME "arm"
