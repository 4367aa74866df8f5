// SPDX-License-Identifier: MIT
/** Debian's modules that go onto the emulated board, besides what these depend on. A kernel may lack some, or have them built in. */
export const boardModules: readonly string[] = [
  // the network, over which everything reaches the board
  'virtio_mmio',
  'virtio_net',
  // the path from Linux to the coprocessor
  'rpmsg_core',
  'rpmsg_ns',
  'virtio_rpmsg_bus',
  'rpmsg_char',
  'rpmsg_ctrl',
  'rpmsg_tty',
  'stm32_ipcc',
  'stm32_rproc',
  // block devices, for O_DIRECT: one that copies, and one that takes data as a disk's DMA does
  'brd',
  'null_blk',
  // sockets of the kernel's cryptography, which take pages
  'algif_hash',
  // importers and exporters of dma-bufs
  'udmabuf',
  'vgem',
  'vivid',
];

/** The kernel's own description of the 32-bit emulated board. */
export const boardTree = 'stm32mp157c-dk2.dtb';
