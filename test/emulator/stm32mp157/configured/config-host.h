/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the place of what QEMU's configure writes: what its headers ask about the host, as far as it is about how
 * structures are laid out or which functions there are. Debian's QEMU has plugins, which add members to a CPU.
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
