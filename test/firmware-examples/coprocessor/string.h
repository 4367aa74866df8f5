/* SPDX-License-Identifier: MIT */
/* For <string.h>: the examples want memcpy(), and no C library is linked. */
#include "memory.h"
