# SPDX-License-Identifier: MIT
SUMMARY = "Who may use /dev/rpmsg_sdb: the group dialout, also by the name /dev/rpmsg-sdb"
SECTION = "base"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSES/MIT.txt;md5=3e9c3ac1deafde66233876b3e7a830d9"

require rpmsg-sdb.inc
inherit allarch

RPMSG_SDB_FROM_layer = " \
    file://LICENSES/MIT.txt;subdir=${BP} \
    file://Makefile;subdir=${BP} \
    file://recipes-kernel/rpmsg-sdb-mod/files/60-rpmsg-sdb.rules;subdir=${BP} \
"

INHIBIT_DEFAULT_DEPS = "1"
do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
	oe_runmake udev_install DESTDIR=${D} udevrulesdir=${nonarch_base_libdir}/udev/rules.d
}

FILES:${PN} = "${nonarch_base_libdir}/udev/rules.d"
