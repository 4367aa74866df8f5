# SPDX-License-Identifier: MIT
SUMMARY = "sdbctl, for buffers shared with an RPMsg coprocessor"
DESCRIPTION = "Shows channels and memory, captures, sends, watches and measures."
SECTION = "console/tools"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSES/MIT.txt;md5=3e9c3ac1deafde66233876b3e7a830d9"

require rpmsg-sdb.inc

RPMSG_SDB_FROM_layer = " \
    file://LICENSES/MIT.txt;subdir=${BP} \
    file://kernel/uapi/rpmsg_sdb.h;subdir=${BP} \
    file://tools/sdbctl/Makefile;subdir=${BP} \
    file://tools/sdbctl/benchmark.c;subdir=${BP} \
    file://tools/sdbctl/capture.c;subdir=${BP} \
    file://tools/sdbctl/command.h;subdir=${BP} \
    file://tools/sdbctl/complaint.c;subdir=${BP} \
    file://tools/sdbctl/complaint.h;subdir=${BP} \
    file://tools/sdbctl/device.c;subdir=${BP} \
    file://tools/sdbctl/device.h;subdir=${BP} \
    file://tools/sdbctl/interrupt.c;subdir=${BP} \
    file://tools/sdbctl/interrupt.h;subdir=${BP} \
    file://tools/sdbctl/json.c;subdir=${BP} \
    file://tools/sdbctl/json.h;subdir=${BP} \
    file://tools/sdbctl/latency.c;subdir=${BP} \
    file://tools/sdbctl/latency.h;subdir=${BP} \
    file://tools/sdbctl/list.c;subdir=${BP} \
    file://tools/sdbctl/main.c;subdir=${BP} \
    file://tools/sdbctl/output.c;subdir=${BP} \
    file://tools/sdbctl/output.h;subdir=${BP} \
    file://tools/sdbctl/progress.c;subdir=${BP} \
    file://tools/sdbctl/progress.h;subdir=${BP} \
    file://tools/sdbctl/quantity.c;subdir=${BP} \
    file://tools/sdbctl/quantity.h;subdir=${BP} \
    file://tools/sdbctl/sdbctl.1;subdir=${BP} \
    file://tools/sdbctl/send.c;subdir=${BP} \
    file://tools/sdbctl/serve.c;subdir=${BP} \
    file://tools/sdbctl/sysfs.c;subdir=${BP} \
    file://tools/sdbctl/sysfs.h;subdir=${BP} \
    file://tools/sdbctl/tracing.c;subdir=${BP} \
    file://tools/sdbctl/tracing.h;subdir=${BP} \
    file://tools/sdbctl/uevent.c;subdir=${BP} \
    file://tools/sdbctl/uevent.h;subdir=${BP} \
    file://tools/sdbctl/watch.c;subdir=${BP} \
"

# Empty before each do_compile: make does not see that only the compiler or its flags are others.
B = "${WORKDIR}/build"
do_compile[cleandirs] = "${B}"

# The distribution's compiler, flags and C library; its warnings are not for us to die of.
EXTRA_OEMAKE = "-C ${S}/tools/sdbctl OUT=${B} WERROR= 'CC=${CC}' 'CFLAGS=${CFLAGS}' 'LDFLAGS=${LDFLAGS}'"

do_compile() {
	oe_runmake
}

do_install() {
	oe_runmake install DESTDIR=${D} bindir=${bindir} mandir=${mandir}
}

# By this name, and only recommended, the tools stay the same for every MACHINE.
RRECOMMENDS:${PN} += "kernel-module-rpmsg-sdb"
