# SPDX-License-Identifier: MIT
SUMMARY = "/dev/rpmsg_sdb for Python"
DESCRIPTION = "The module rpmsg_sdb: allocate buffers, go through what arrives, hand back. One file, also with asyncio."
SECTION = "devel/python"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSES/MIT.txt;md5=3e9c3ac1deafde66233876b3e7a830d9"

require rpmsg-sdb.inc
inherit python3-dir

RPMSG_SDB_FROM_layer = " \
    file://LICENSES/MIT.txt;subdir=${BP} \
    file://tools/python/rpmsg_sdb.py;subdir=${BP} \
"

INHIBIT_DEFAULT_DEPS = "1"
do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
	install -D -m 0644 ${S}/tools/python/rpmsg_sdb.py ${D}${PYTHON_SITEPACKAGES_DIR}/rpmsg_sdb.py
}

FILES:${PN} += "${PYTHON_SITEPACKAGES_DIR}/rpmsg_sdb.py"
RDEPENDS:${PN} += "python3-core python3-fcntl python3-mmap"
# asyncio only for who iterates with it.
RRECOMMENDS:${PN} += "python3-asyncio kernel-module-rpmsg-sdb"
