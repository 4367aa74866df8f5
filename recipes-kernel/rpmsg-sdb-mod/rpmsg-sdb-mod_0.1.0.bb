# SPDX-License-Identifier: MIT
SUMMARY = "Large DDR buffers shared with an RPMsg coprocessor"
DESCRIPTION = "The kernel module rpmsg_sdb: applications and the firmware of a coprocessor hand each other buffers without a copy."
SECTION = "kernel/modules"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263"

require rpmsg-sdb.inc
inherit module

RPMSG_SDB_FROM_layer = " \
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
    file://kernel/frames.c;subdir=${BP} \
    file://kernel/frames.h;subdir=${BP} \
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
    file://kernel/region.c;subdir=${BP} \
    file://kernel/region.h;subdir=${BP} \
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
"

# What has such coprocessors and has been tried.
COMPATIBLE_HOST = "(arm|aarch64).*-linux.*"

# externalsrc would build elsewhere than in the sources, where Kbuild finds nothing to build or, worse, what was unpacked.
# Empty where no external sources are named: the class refuses anything else that is no absolute path.
EXTERNALSRC_BUILD ?= "${@d.getVar('EXTERNALSRC') or ''}"

KERNEL_MODULE_AUTOLOAD += "rpmsg_sdb"

# ST's driver takes the same channel. A package manager does not install both; where both are all the same, as when one was
# copied to the board, modprobe and udev leave the other alone.
RCONFLICTS:${PN} += "kernel-module-stm32-rpmsg-sdb"
KERNEL_MODULE_PROBECONF += "rpmsg_sdb"
module_conf_rpmsg_sdb = "blacklist stm32_rpmsg_sdb"

# This package brings the module's own, kernel-module-rpmsg-sdb-<kernel version>, and the udev rule. The name that people
# put into IMAGE_INSTALL therefore means this one. The other must not go by it too: with two packages of that name apt
# installs neither, and other package managers may leave the rule out.
RPROVIDES:${PN} += "kernel-module-rpmsg-sdb"
KERNEL_MODULE_PROVIDE_VIRTUAL = "0"
# Only recommended: BAD_RECOMMENDATIONS = "rpmsg-sdb-udev" leaves the rule to the image.
RRECOMMENDS:${PN} += "rpmsg-sdb-udev"
# An SDK for an image with the module has the header.
RDEPENDS:${PN}-dev += "rpmsg-sdb-headers-dev"
