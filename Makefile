# SPDX-License-Identifier: GPL-2.0-only
# The kernel's build does the work; this only finds it. Yocto says KERNEL_SRC, people say KDIR.
KDIR ?= $(or $(KERNEL_SRC),/lib/modules/$(shell uname -r)/build)
SRC := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
INSTALL ?= install

ifneq ($(words $(SRC)),1)
$(error The kernel's makefiles take no white space in a path: move this folder, $(SRC))
endif

# A kernel that was built with clang wants its modules from clang. Who names a compiler knows.
ifeq ($(origin CC)$(LLVM),default)
LLVM := $(if $(shell grep -sx CONFIG_CC_IS_CLANG=y $(KDIR)/include/config/auto.conf),1)
endif
export LLVM

# DESTDIR goes before all that is installed; INSTALL_MOD_PATH and INSTALL_HDR_PATH work as in the kernel's own build.
prefix ?= /usr
includedir ?= $(prefix)/include
udevrulesdir ?= $(prefix)/lib/udev/rules.d
modprobedir ?= $(prefix)/lib/modprobe.d
INSTALL_MOD_PATH ?= $(DESTDIR)
header_directory = $(if $(INSTALL_HDR_PATH),$(INSTALL_HDR_PATH)/include,$(DESTDIR)$(includedir))/linux
files = $(SRC)/recipes-kernel/rpmsg-sdb-mod/files

modules:
modules modules_install clean:
	$(MAKE) -C $(KDIR) M=$(SRC) INSTALL_MOD_PATH=$(INSTALL_MOD_PATH) $@

headers_install:
	$(INSTALL) -D -m 0644 $(SRC)/kernel/uapi/rpmsg_sdb.h $(header_directory)/rpmsg_sdb.h

udev_install:
	$(INSTALL) -D -m 0644 $(files)/60-rpmsg-sdb.rules $(DESTDIR)$(udevrulesdir)/60-rpmsg-sdb.rules

modprobe_install:
	$(INSTALL) -D -m 0644 $(files)/rpmsg_sdb.conf $(DESTDIR)$(modprobedir)/rpmsg_sdb.conf

install: headers_install udev_install modprobe_install

help:
	@echo 'modules          build rpmsg_sdb.ko (default)'
	@echo 'modules_install  install it below $$(INSTALL_MOD_PATH)/lib/modules'
	@echo 'headers_install  install <linux/rpmsg_sdb.h> below $$(INSTALL_HDR_PATH)/include'
	@echo 'install          install that header, the udev rule, and what keeps another driver from the channel'
	@echo 'clean            remove what was built'
	@echo
	@echo 'KDIR=DIR (or KERNEL_SRC=DIR) is the kernel build directory, by default that of the running kernel.'
	@echo 'ARCH, CROSS_COMPILE and LLVM are those of the kernel. DESTDIR, prefix, includedir, udevrulesdir and modprobedir'
	@echo 'are heeded.'

all: modules

.PHONY: all modules modules_install headers_install udev_install modprobe_install install clean help
