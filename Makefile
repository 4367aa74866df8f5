# SPDX-License-Identifier: GPL-2.0-only
# The kernel's build does the work; this only finds it. Yocto says KERNEL_SRC, people say KDIR.
KDIR ?= $(or $(KERNEL_SRC),/lib/modules/$(shell uname -r)/build)
SRC := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))

all: modules

modules modules_install clean:
	$(MAKE) -C $(KDIR) M=$(SRC) $@

.PHONY: all modules modules_install clean
