# SPDX-License-Identifier: MIT
# The kernel module, its udev rule and its user-space header.

RPMSG_SDB_VERSION = 0.1.0
# This repository's own sources: the external tree is a folder of it.
RPMSG_SDB_SITE = $(BR2_EXTERNAL_RPMSG_SDB_PATH)/..
RPMSG_SDB_SITE_METHOD = local
RPMSG_SDB_LICENSE = GPL-2.0 (module), GPL-2.0 with Linux-syscall-note (header)
RPMSG_SDB_LICENSE_FILES = COPYING
RPMSG_SDB_INSTALL_STAGING = YES

# What the build reads, and nothing that somebody built, installed or tested in the checkout.
RPMSG_SDB_RULE = recipes-kernel/rpmsg-sdb-mod/files/60-rpmsg-sdb.rules
RPMSG_SDB_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--include=/COPYING --include=/Kbuild --include=/Makefile \
	--include=/kernel/ '--include=/kernel/*.[ch]' \
	--include=/kernel/uapi/ '--include=/kernel/uapi/*.h' \
	--include=/recipes-kernel/ --include=/recipes-kernel/rpmsg-sdb-mod/ \
	--include=/recipes-kernel/rpmsg-sdb-mod/files/ --include=/$(RPMSG_SDB_RULE) \
	'--exclude=*'

define RPMSG_SDB_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_MODULES)
	$(call KCONFIG_ENABLE_OPT,CONFIG_REMOTEPROC)
	$(call KCONFIG_ENABLE_OPT,CONFIG_RPMSG_VIRTIO)
endef

define RPMSG_SDB_INSTALL_STAGING_CMDS
	$(MAKE) -C $(@D) headers_install INSTALL_HDR_PATH=$(STAGING_DIR)/usr
endef

# The list is for images without udev, which loads the module by its alias.
define RPMSG_SDB_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0644 $(@D)/$(RPMSG_SDB_RULE) $(TARGET_DIR)/lib/udev/rules.d/60-rpmsg-sdb.rules
	mkdir -p $(TARGET_DIR)/etc/modules-load.d
	echo rpmsg_sdb > $(TARGET_DIR)/etc/modules-load.d/rpmsg_sdb.conf
endef

$(eval $(kernel-module))
$(eval $(generic-package))
