# SPDX-License-Identifier: MIT
SUMMARY = "Large DDR buffers shared with an RPMsg coprocessor"
DESCRIPTION = "The kernel module rpmsg_sdb, its udev rule and its user-space header."
SECTION = "kernel/modules"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263"

inherit module

# The sources are this repository's own, whose root is the layer. One by one: a folder would bring along what someone
# built in it, and its changes would go unnoticed. test/unit/recipe.test.ts keeps the list true.
FILESEXTRAPATHS:prepend := "${THISDIR}/../..:"
SRC_URI = " \
    file://COPYING;subdir=${BP} \
    file://Kbuild;subdir=${BP} \
    file://Makefile;subdir=${BP} \
    file://kernel/buffer.c;subdir=${BP} \
    file://kernel/buffer.h;subdir=${BP} \
    file://kernel/channel.c;subdir=${BP} \
    file://kernel/channel.h;subdir=${BP} \
    file://kernel/compat.h;subdir=${BP} \
    file://kernel/coprocessor.c;subdir=${BP} \
    file://kernel/coprocessor.h;subdir=${BP} \
    file://kernel/driver.c;subdir=${BP} \
    file://kernel/driver.h;subdir=${BP} \
    file://kernel/drop.h;subdir=${BP} \
    file://kernel/export.c;subdir=${BP} \
    file://kernel/export.h;subdir=${BP} \
    file://kernel/file.c;subdir=${BP} \
    file://kernel/file.h;subdir=${BP} \
    file://kernel/ioctl.c;subdir=${BP} \
    file://kernel/ioctl.h;subdir=${BP} \
    file://kernel/large_pages.c;subdir=${BP} \
    file://kernel/large_pages.h;subdir=${BP} \
    file://kernel/mapping.c;subdir=${BP} \
    file://kernel/mapping.h;subdir=${BP} \
    file://kernel/memory.c;subdir=${BP} \
    file://kernel/memory.h;subdir=${BP} \
    file://kernel/memory_cached.c;subdir=${BP} \
    file://kernel/memory_cached.h;subdir=${BP} \
    file://kernel/memory_coherent.c;subdir=${BP} \
    file://kernel/memory_coherent.h;subdir=${BP} \
    file://kernel/memory_imported.c;subdir=${BP} \
    file://kernel/memory_imported.h;subdir=${BP} \
    file://kernel/message.c;subdir=${BP} \
    file://kernel/message.h;subdir=${BP} \
    file://kernel/module.c;subdir=${BP} \
    file://kernel/parameters.c;subdir=${BP} \
    file://kernel/parameters.h;subdir=${BP} \
    file://kernel/pool.c;subdir=${BP} \
    file://kernel/pool.h;subdir=${BP} \
    file://kernel/receive.c;subdir=${BP} \
    file://kernel/receive.h;subdir=${BP} \
    file://kernel/send.c;subdir=${BP} \
    file://kernel/send.h;subdir=${BP} \
    file://kernel/session.c;subdir=${BP} \
    file://kernel/session.h;subdir=${BP} \
    file://kernel/statistics.c;subdir=${BP} \
    file://kernel/statistics.h;subdir=${BP} \
    file://kernel/trace.c;subdir=${BP} \
    file://kernel/trace.h;subdir=${BP} \
    file://kernel/transfer.c;subdir=${BP} \
    file://kernel/transfer.h;subdir=${BP} \
    file://kernel/uapi/rpmsg_sdb.h;subdir=${BP} \
    file://kernel/withdrawal.c;subdir=${BP} \
    file://kernel/withdrawal.h;subdir=${BP} \
    file://recipes-kernel/rpmsg-sdb-mod/files/60-rpmsg-sdb.rules;subdir=${BP} \
"
# UNPACKDIR came with styhead; before, it was WORKDIR.
S = "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}/${BP}"

KERNEL_MODULE_AUTOLOAD += "rpmsg_sdb"

do_install:append() {
	oe_runmake install DESTDIR=${D} includedir=${includedir} udevrulesdir=${nonarch_base_libdir}/udev/rules.d
}

FILES:${PN} += "${nonarch_base_libdir}/udev/rules.d/60-rpmsg-sdb.rules"

# This package brings the module's own, kernel-module-rpmsg-sdb-<kernel version>, and the udev rule. The name that people
# put into IMAGE_INSTALL therefore means this one. The other must not go by it too: with two packages of that name apt
# installs neither, and other package managers may leave the rule out.
RPROVIDES:${PN} += "kernel-module-rpmsg-sdb"
KERNEL_MODULE_PROVIDE_VIRTUAL = "0"
