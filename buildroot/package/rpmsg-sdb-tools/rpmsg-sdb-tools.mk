# SPDX-License-Identifier: MIT
# sdbctl and its manual page.

RPMSG_SDB_TOOLS_VERSION = 0.1.0
RPMSG_SDB_TOOLS_SITE = $(BR2_EXTERNAL_RPMSG_SDB_PATH)/..
RPMSG_SDB_TOOLS_SITE_METHOD = local
RPMSG_SDB_TOOLS_LICENSE = MIT
RPMSG_SDB_TOOLS_LICENSE_FILES = LICENSES/MIT.txt

RPMSG_SDB_TOOLS_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--include=/LICENSES/ --include=/LICENSES/MIT.txt \
	--include=/kernel/ --include=/kernel/uapi/ '--include=/kernel/uapi/*.h' \
	--include=/tools/ --include=/tools/sdbctl/ --include=/tools/sdbctl/Makefile \
	'--include=/tools/sdbctl/*.[ch1]' \
	'--exclude=*'

# The warnings of other compilers are not for others to die of.
RPMSG_SDB_TOOLS_SDBCTL = $(TARGET_MAKE_ENV) $(MAKE) -C $(@D)/tools/sdbctl OUT=$(@D)/build WERROR= \
	CC="$(TARGET_CC)" CFLAGS="$(TARGET_CFLAGS)" LDFLAGS="$(TARGET_LDFLAGS)"

define RPMSG_SDB_TOOLS_BUILD_CMDS
	$(RPMSG_SDB_TOOLS_SDBCTL)
endef

define RPMSG_SDB_TOOLS_INSTALL_TARGET_CMDS
	$(RPMSG_SDB_TOOLS_SDBCTL) install DESTDIR=$(TARGET_DIR) bindir=/usr/bin mandir=/usr/share/man
endef

$(eval $(generic-package))
