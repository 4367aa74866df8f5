# SPDX-License-Identifier: MIT
SUMMARY = "sdbctl, for buffers shared with an RPMsg coprocessor"
DESCRIPTION = "Shows channels and memory, captures, sends, watches and measures. Needs the module rpmsg_sdb to be of use."
SECTION = "console/tools"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSES/MIT.txt;md5=3e9c3ac1deafde66233876b3e7a830d9"

# As in rpmsg-sdb-mod_0.1.bb: this repository's own sources, one by one.
FILESEXTRAPATHS:prepend := "${THISDIR}/../..:"
SRC_URI = " \
    file://LICENSES/MIT.txt;subdir=${BP} \
    file://kernel/uapi/rpmsg_sdb.h;subdir=${BP} \
    file://test/target/sdbctl/Makefile;subdir=${BP} \
    file://test/target/sdbctl/benchmark.c;subdir=${BP} \
    file://test/target/sdbctl/capture.c;subdir=${BP} \
    file://test/target/sdbctl/command.h;subdir=${BP} \
    file://test/target/sdbctl/complaint.c;subdir=${BP} \
    file://test/target/sdbctl/complaint.h;subdir=${BP} \
    file://test/target/sdbctl/device.c;subdir=${BP} \
    file://test/target/sdbctl/device.h;subdir=${BP} \
    file://test/target/sdbctl/interrupt.c;subdir=${BP} \
    file://test/target/sdbctl/interrupt.h;subdir=${BP} \
    file://test/target/sdbctl/json.c;subdir=${BP} \
    file://test/target/sdbctl/json.h;subdir=${BP} \
    file://test/target/sdbctl/latency.c;subdir=${BP} \
    file://test/target/sdbctl/latency.h;subdir=${BP} \
    file://test/target/sdbctl/list.c;subdir=${BP} \
    file://test/target/sdbctl/main.c;subdir=${BP} \
    file://test/target/sdbctl/progress.c;subdir=${BP} \
    file://test/target/sdbctl/progress.h;subdir=${BP} \
    file://test/target/sdbctl/quantity.c;subdir=${BP} \
    file://test/target/sdbctl/quantity.h;subdir=${BP} \
    file://test/target/sdbctl/sdbctl.1;subdir=${BP} \
    file://test/target/sdbctl/send.c;subdir=${BP} \
    file://test/target/sdbctl/sysfs.c;subdir=${BP} \
    file://test/target/sdbctl/sysfs.h;subdir=${BP} \
    file://test/target/sdbctl/tracing.c;subdir=${BP} \
    file://test/target/sdbctl/tracing.h;subdir=${BP} \
    file://test/target/sdbctl/uevent.c;subdir=${BP} \
    file://test/target/sdbctl/uevent.h;subdir=${BP} \
    file://test/target/sdbctl/watch.c;subdir=${BP} \
"
S = "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}/${BP}"

# Empty before each do_compile: make does not see that only the compiler or its flags are others.
B = "${WORKDIR}/build"
do_compile[cleandirs] = "${B}"

# The distribution's compiler, flags and C library; its warnings are not for us to die of.
EXTRA_OEMAKE = "-C ${S}/test/target/sdbctl OUT=${B} WERROR= 'CC=${CC}' 'CFLAGS=${CFLAGS}' 'LDFLAGS=${LDFLAGS}'"

do_compile() {
	oe_runmake
}

do_install() {
	oe_runmake install DESTDIR=${D} bindir=${bindir} mandir=${mandir}
}
