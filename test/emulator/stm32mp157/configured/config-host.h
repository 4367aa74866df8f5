/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's configure would write this file. It has what QEMU's headers ask about the host, as far as
 * the layout of structures or the choice of functions depends on it. Debian's QEMU has plugins,
 * which add members to a CPU.
 */
#define CONFIG_POSIX 1
#define CONFIG_LINUX 1
#define CONFIG_TCG 1
#define CONFIG_PLUGIN 1
#define CONFIG_IOVEC 1
#define CONFIG_BYTESWAP_H 1
#define CONFIG_ATOMIC64 1
#define CONFIG_INT128 1
#define HAVE_STRCHRNUL 1
#define HAVE_SYSTEM_FUNCTION 1
