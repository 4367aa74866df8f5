# SPDX-License-Identifier: MIT
SUMMARY = "/dev/rpmsg_sdb for C++"
DESCRIPTION = "<rpmsg_sdb.hpp>: a device, buffers that move, transfers to iterate. One header for C++17, the same for every machine."
SECTION = "devel"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSES/MIT.txt;md5=3e9c3ac1deafde66233876b3e7a830d9"

require rpmsg-sdb.inc
inherit allarch

RPMSG_SDB_FROM_layer = " \
    file://LICENSES/MIT.txt;subdir=${BP} \
    file://tools/cpp/rpmsg_sdb.hpp;subdir=${BP} \
"

INHIBIT_DEFAULT_DEPS = "1"
# Who compiles against it compiles against that header too.
DEPENDS = "rpmsg-sdb-headers"
do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
	install -D -m 0644 ${S}/tools/cpp/rpmsg_sdb.hpp ${D}${includedir}/rpmsg_sdb.hpp
}

# There is nothing for a target.
ALLOW_EMPTY:${PN} = "0"
RDEPENDS:${PN}-dev = "rpmsg-sdb-headers-dev"
