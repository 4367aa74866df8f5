# SPDX-License-Identifier: MIT
SUMMARY = "<linux/rpmsg_sdb.h>, the interface of /dev/rpmsg_sdb"
DESCRIPTION = "What a program needs to be compiled, the same for every machine and architecture."
SECTION = "devel"
LICENSE = "GPL-2.0-with-Linux-syscall-note"
LIC_FILES_CHKSUM = " \
    file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263 \
    file://kernel/uapi/rpmsg_sdb.h;endline=1;md5=3984933679b5478fa7c1231c3b82e066 \
"
# Series before wrynose have no text of that name: the licence's is here, the note's first words are in the header.
NO_GENERIC_LICENSE[GPL-2.0-with-Linux-syscall-note] = "COPYING"

require rpmsg-sdb.inc
inherit allarch

RPMSG_SDB_FROM_layer = " \
    file://COPYING;subdir=${BP} \
    file://Makefile;subdir=${BP} \
    file://kernel/uapi/rpmsg_sdb.h;subdir=${BP} \
"

INHIBIT_DEFAULT_DEPS = "1"
do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
	oe_runmake headers_install DESTDIR=${D} includedir=${includedir}
}

# There is nothing for a target.
ALLOW_EMPTY:${PN} = "0"
RDEPENDS:${PN}-dev = ""
