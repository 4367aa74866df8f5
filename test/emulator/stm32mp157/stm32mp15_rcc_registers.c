/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of the RCC: RM0436, chapter "RCC". Offsets as in ST's CMSIS header stm32mp157cxx_cm4.h; values at
 * reset and writable bits as in ST's device description (SVD) of the STM32MP157, two editions of which agree but
 * for MP_APRSTCR and BDCR, where the later one stands here.
 */
#include "qemu/osdep.h"
#include "stm32mp15.h"

/* The offset is that of the register that sets. */
const Stm32mp15RccRegister stm32mp15_rcc_pairs[] = {
    { 0x00c, 0x00000001, 0x00000fb3 }, /* OCENSETR */
    { 0x104, 0x00000000, 0x00000003 }, /* MP_SREQSETR */
    { 0x180, 0x00000000, 0x00010111 }, /* APB4RSTSETR */
    { 0x188, 0x00000000, 0x0010001d }, /* APB5RSTSETR */
    { 0x190, 0x00000000, 0x00010071 }, /* AHB5RSTSETR */
    { 0x198, 0x00000000, 0x01135420 }, /* AHB6RSTSETR */
    { 0x1a0, 0x00000000, 0x00000001 }, /* TZAHB6RSTSETR */
    { 0x200, 0x00000000, 0x00118111 }, /* MP_APB4ENSETR */
    { 0x208, 0x00000000, 0x0011b91d }, /* MP_APB5ENSETR */
    { 0x210, 0x00010000, 0x00010171 }, /* MP_AHB5ENSETR */
    { 0x218, 0x00000000, 0x011357a1 }, /* MP_AHB6ENSETR */
    { 0x220, 0x00000000, 0x00000001 }, /* MP_TZAHB6ENSETR */
    { 0x280, 0x00000000, 0x00110111 }, /* MC_APB4ENSETR */
    { 0x288, 0x00000000, 0x0011391d }, /* MC_APB5ENSETR */
    { 0x290, 0x00000000, 0x00000171 }, /* MC_AHB5ENSETR */
    { 0x298, 0x00000000, 0x011357a1 }, /* MC_AHB6ENSETR */
    { 0x300, 0x00118111, 0x00318111 }, /* MP_APB4LPENSETR */
    { 0x308, 0x0011391d, 0x0031b91d }, /* MP_APB5LPENSETR */
    { 0x310, 0x00000171, 0x00000171 }, /* MP_AHB5LPENSETR */
    { 0x318, 0x011357a1, 0x01135fa1 }, /* MP_AHB6LPENSETR */
    { 0x320, 0x00000001, 0x00000001 }, /* MP_TZAHB6LPENSETR */
    { 0x380, 0x00110111, 0x00310111 }, /* MC_APB4LPENSETR */
    { 0x388, 0x0011391d, 0x0031391d }, /* MC_APB5LPENSETR */
    { 0x390, 0x00000171, 0x00000171 }, /* MC_AHB5LPENSETR */
    { 0x398, 0x011357a1, 0x01135fa1 }, /* MC_AHB6LPENSETR */
    { 0x40c, 0x00000000, 0x00000003 }, /* MP_IWDGFZSETR */
    { 0x980, 0x00000000, 0xadefdbff }, /* APB1RSTSETR */
    { 0x988, 0x00000000, 0x0117271f }, /* APB2RSTSETR */
    { 0x990, 0x00000000, 0x0001290f }, /* APB3RSTSETR */
    { 0x998, 0x00000000, 0x00010127 }, /* AHB2RSTSETR */
    { 0x9a0, 0x00000000, 0x000018f1 }, /* AHB3RSTSETR */
    { 0x9a8, 0x00000000, 0x000007ff }, /* AHB4RSTSETR */
    { 0xa00, 0x00000000, 0xadefdbff }, /* MP_APB1ENSETR */
    { 0xa08, 0x00000000, 0x0137271f }, /* MP_APB2ENSETR */
    { 0xa10, 0x00000000, 0x0011290f }, /* MP_APB3ENSETR */
    { 0xa18, 0x00000000, 0x00010127 }, /* MP_AHB2ENSETR */
    { 0xa20, 0x00000000, 0x000018f1 }, /* MP_AHB3ENSETR */
    { 0xa28, 0x00000000, 0x000007ff }, /* MP_AHB4ENSETR */
    { 0xa38, 0x00000010, 0x00000010 }, /* MP_MLAHBENSETR */
    { 0xa80, 0x00000000, 0xbdefdbff }, /* MC_APB1ENSETR */
    { 0xa88, 0x00000000, 0x0137271f }, /* MC_APB2ENSETR */
    { 0xa90, 0x00000000, 0x0011290f }, /* MC_APB3ENSETR */
    { 0xa98, 0x00000000, 0x00010127 }, /* MC_AHB2ENSETR */
    { 0xaa0, 0x00000000, 0x000018f1 }, /* MC_AHB3ENSETR */
    { 0xaa8, 0x00000000, 0x000007ff }, /* MC_AHB4ENSETR */
    { 0xab0, 0x00000000, 0x00000001 }, /* MC_AXIMENSETR */
    { 0xab8, 0x00000010, 0x00000010 }, /* MC_MLAHBENSETR */
    { 0xb00, 0xadefdbff, 0xadefdbff }, /* MP_APB1LPENSETR */
    { 0xb08, 0x0137271f, 0x0137271f }, /* MP_APB2LPENSETR */
    { 0xb10, 0x0003290f, 0x0001290f }, /* MP_APB3LPENSETR */
    { 0xb18, 0x00010127, 0x00010127 }, /* MP_AHB2LPENSETR */
    { 0xb20, 0x000018f1, 0x000018f1 }, /* MP_AHB3LPENSETR */
    { 0xb28, 0x000007ff, 0x000007ff }, /* MP_AHB4LPENSETR */
    { 0xb30, 0x00000001, 0x00000001 }, /* MP_AXIMLPENSETR */
    { 0xb38, 0x00000017, 0x00000017 }, /* MP_MLAHBLPENSETR */
    { 0xb80, 0xbdefdbff, 0xbdefdbff }, /* MC_APB1LPENSETR */
    { 0xb88, 0x0137271f, 0x0137271f }, /* MC_APB2LPENSETR */
    { 0xb90, 0x0003290f, 0x0001290f }, /* MC_APB3LPENSETR */
    { 0xb98, 0x00010127, 0x00010127 }, /* MC_AHB2LPENSETR */
    { 0xba0, 0x000018f1, 0x000018f1 }, /* MC_AHB3LPENSETR */
    { 0xba8, 0x000007ff, 0x000007ff }, /* MC_AHB4LPENSETR */
    { 0xbb0, 0x00000001, 0x00000001 }, /* MC_AXIMLPENSETR */
    { 0xbb8, 0x00000017, 0x00000017 }, /* MC_MLAHBLPENSETR */
};
const unsigned stm32mp15_rcc_pair_count = ARRAY_SIZE(stm32mp15_rcc_pairs);

const Stm32mp15RccRegister stm32mp15_rcc_plain[] = {
    { 0x000, 0x00000003, 0x00000003 }, /* TZCR */
    { 0x018, 0x00000000, 0x00007f03 }, /* HSICFGR */
    { 0x01c, 0x00001000, 0x00001f00 }, /* CSICFGR */
    { 0x020, 0x80000000, 0x00000003 }, /* MPCKSELR */
    { 0x024, 0x80000000, 0x00000007 }, /* ASSCKSELR */
    { 0x028, 0x80000000, 0x00000003 }, /* RCK12SELR */
    { 0x02c, 0x80000001, 0x00000007 }, /* MPCKDIVR */
    { 0x030, 0x80000000, 0x00000007 }, /* AXIDIVR */
    { 0x03c, 0x80000000, 0x00000007 }, /* APB4DIVR */
    { 0x040, 0x80000000, 0x00000007 }, /* APB5DIVR */
    { 0x044, 0x00000000, 0x0000003f }, /* RTCDIVR */
    { 0x048, 0x80000000, 0x00000003 }, /* MSSCKSELR */
    { 0x080, 0x00000000, 0x00000075 }, /* PLL1CR */
    { 0x084, 0x00010031, 0x003f01ff }, /* PLL1CFGR1 */
    { 0x088, 0x00010100, 0x007f7f7f }, /* PLL1CFGR2 */
    { 0x08c, 0x00000000, 0x0001fff8 }, /* PLL1FRACR */
    { 0x090, 0x00000000, 0x7fffffff }, /* PLL1CSGR */
    { 0x094, 0x00000000, 0x00000075 }, /* PLL2CR */
    { 0x098, 0x00010063, 0x003f01ff }, /* PLL2CFGR1 */
    { 0x09c, 0x00010101, 0x007f7f7f }, /* PLL2CFGR2 */
    { 0x0a0, 0x00000000, 0x0001fff8 }, /* PLL2FRACR */
    { 0x0a4, 0x00000000, 0x7fffffff }, /* PLL2CSGR */
    { 0x0c0, 0x00000000, 0x00000007 }, /* I2C46CKSELR */
    { 0x0c4, 0x00000000, 0x00000007 }, /* SPI6CKSELR */
    { 0x0c8, 0x00000000, 0x00000007 }, /* UART1CKSELR */
    { 0x0cc, 0x00000000, 0x00000003 }, /* RNG1CKSELR */
    { 0x0d0, 0x00000000, 0x00000003 }, /* CPERCKSELR */
    { 0x0d4, 0x00000000, 0x00000003 }, /* STGENCKSELR */
    { 0x0d8, 0x000fd02a, 0xffffffff }, /* DDRITFCR */
    { 0x100, 0x00000000, 0x00000003 }, /* MP_BOOTCR */
    { 0x10c, 0x00000000, 0x00000001 }, /* MP_GCR */
    { 0x110, 0x00007f00, 0x00007f01 }, /* MP_APRSTCR */
    { 0x114, 0x00000000, 0x00000000 }, /* MP_APRSTSR */
    { 0x140, 0x00000020, 0x80100133 }, /* BDCR */
    { 0x144, 0x00000000, 0xff1f0001 }, /* RDLSICR */
    { 0x400, 0x00000015, 0x000063df }, /* BR_RSTSCLRR */
    { 0x404, 0x00000000, 0x00000033 }, /* MP_GRSTCSETR */
    { 0x408, 0x00000000, 0x0000fbdf }, /* MP_RSTSCLRR */
    { 0x414, 0x00000000, 0x00110f1f }, /* MP_CIER */
    { 0x418, 0x00000000, 0x00110f1f }, /* MP_CIFR */
    { 0x41c, 0x00000000, 0x013fffff }, /* PWRLPDLYCR */
    { 0x420, 0x00000000, 0x0000fbdf }, /* MP_RSTSSETR */
    { 0x800, 0x00000000, 0x000010f7 }, /* MCO1CFGR */
    { 0x804, 0x00000000, 0x000010f7 }, /* MCO2CFGR */
    { 0x808, 0x00000000, 0x00000000 }, /* OCRDYR */
    { 0x80c, 0x00000001, 0x00001307 }, /* DBGCFGR */
    { 0x820, 0x80000000, 0x00000003 }, /* RCK3SELR */
    { 0x824, 0x80000000, 0x00000003 }, /* RCK4SELR */
    { 0x828, 0x80000000, 0x00000001 }, /* TIMG1PRER */
    { 0x82c, 0x80000000, 0x00000001 }, /* TIMG2PRER */
    { 0x830, 0x80000000, 0x0000000f }, /* MCUDIVR */
    { 0x834, 0x80000000, 0x00000007 }, /* APB1DIVR */
    { 0x838, 0x80000000, 0x00000007 }, /* APB2DIVR */
    { 0x83c, 0x80000000, 0x00000007 }, /* APB3DIVR */
    { 0x880, 0x00000000, 0x00000075 }, /* PLL3CR */
    { 0x884, 0x00010031, 0x033f01ff }, /* PLL3CFGR1 */
    { 0x888, 0x00010101, 0x007f7f7f }, /* PLL3CFGR2 */
    { 0x88c, 0x00000000, 0x0001fff8 }, /* PLL3FRACR */
    { 0x890, 0x00000000, 0x7fffffff }, /* PLL3CSGR */
    { 0x894, 0x00000000, 0x00000075 }, /* PLL4CR */
    { 0x898, 0x00010031, 0x033f01ff }, /* PLL4CFGR1 */
    { 0x89c, 0x00000000, 0x007f7f7f }, /* PLL4CFGR2 */
    { 0x8a0, 0x00000000, 0x0001fff8 }, /* PLL4FRACR */
    { 0x8a4, 0x00000000, 0x7fffffff }, /* PLL4CSGR */
    { 0x8c0, 0x00000000, 0x00000007 }, /* I2C12CKSELR */
    { 0x8c4, 0x00000000, 0x00000007 }, /* I2C35CKSELR */
    { 0x8c8, 0x00000000, 0x00000007 }, /* SAI1CKSELR */
    { 0x8cc, 0x00000000, 0x00000007 }, /* SAI2CKSELR */
    { 0x8d0, 0x00000000, 0x00000007 }, /* SAI3CKSELR */
    { 0x8d4, 0x00000000, 0x00000007 }, /* SAI4CKSELR */
    { 0x8d8, 0x00000000, 0x00000007 }, /* SPI2S1CKSELR */
    { 0x8dc, 0x00000000, 0x00000007 }, /* SPI2S23CKSELR */
    { 0x8e0, 0x00000000, 0x00000007 }, /* SPI45CKSELR */
    { 0x8e4, 0x00000000, 0x00000007 }, /* UART6CKSELR */
    { 0x8e8, 0x00000000, 0x00000007 }, /* UART24CKSELR */
    { 0x8ec, 0x00000000, 0x00000007 }, /* UART35CKSELR */
    { 0x8f0, 0x00000000, 0x00000007 }, /* UART78CKSELR */
    { 0x8f4, 0x00000003, 0x00000007 }, /* SDMMC12CKSELR */
    { 0x8f8, 0x00000000, 0x00000007 }, /* SDMMC3CKSELR */
    { 0x8fc, 0x00000000, 0x000000f3 }, /* ETHCKSELR */
    { 0x900, 0x00000000, 0x00000003 }, /* QSPICKSELR */
    { 0x904, 0x00000000, 0x00000003 }, /* FMCCKSELR */
    { 0x90c, 0x00000000, 0x00000003 }, /* FDCANCKSELR */
    { 0x914, 0x00000000, 0x00000003 }, /* SPDIFCKSELR */
    { 0x918, 0x00000000, 0x00000003 }, /* CECCKSELR */
    { 0x91c, 0x00000000, 0x00000013 }, /* USBCKSELR */
    { 0x920, 0x00000000, 0x00000003 }, /* RNG2CKSELR */
    { 0x924, 0x00000000, 0x00000001 }, /* DSICKSELR */
    { 0x928, 0x00000000, 0x00000003 }, /* ADCCKSELR */
    { 0x92c, 0x00000000, 0x00000007 }, /* LPTIM45CKSELR */
    { 0x930, 0x00000000, 0x00000007 }, /* LPTIM23CKSELR */
    { 0x934, 0x00000000, 0x00000007 }, /* LPTIM1CKSELR */
    { 0xc00, 0x00000015, 0x000007ff }, /* MC_RSTSCLRR */
    { 0xc14, 0x00000000, 0x00110f1f }, /* MC_CIER */
    { 0xc18, 0x00000000, 0x00110f1f }, /* MC_CIFR */
    { 0xff4, 0x00000011, 0x00000000 }, /* VERR */
    { 0xff8, 0x00000001, 0x00000000 }, /* IDR */
    { 0xffc, 0xa3c5dd04, 0x00000000 }, /* SIDR */
};
const unsigned stm32mp15_rcc_plain_count = ARRAY_SIZE(stm32mp15_rcc_plain);

/*
 * No boot loader runs here. These are TF-A's settings for ST's discovery kits (its fdts/stm32mp15xx-dkx.dtsi and
 * stm32mp1_clk.c) and the clocks that it leaves on for what has none in the kernel's device tree.
 */
const Stm32mp15RccValue stm32mp15_rcc_booted[] = {
    { 0x000, 0x00000000 }, /* TZCR: Linux has the RCC, no secure side */
    { 0x00c, 0x00000111 }, /* OCENSETR: HSI, CSI, HSE */
    { 0x020, 0x80000002 }, /* MPCKSELR: PLL1 */
    { 0x024, 0x80000002 }, /* ASSCKSELR: PLL2 */
    { 0x028, 0x80000001 }, /* RCK12SELR: HSE */
    { 0x02c, 0x80000001 }, /* MPCKDIVR */
    { 0x03c, 0x80000001 }, /* APB4DIVR */
    { 0x040, 0x80000002 }, /* APB5DIVR */
    { 0x044, 0x00000017 }, /* RTCDIVR */
    { 0x048, 0x80000003 }, /* MSSCKSELR: PLL3 */
    { 0x080, 0x00000013 }, /* PLL1CR */
    { 0x084, 0x00020050 }, /* PLL1CFGR1 */
    { 0x088, 0x00000000 }, /* PLL1CFGR2 */
    { 0x08c, 0x00014000 }, /* PLL1FRACR: 650 MHz */
    { 0x094, 0x00000073 }, /* PLL2CR */
    { 0x098, 0x00020041 }, /* PLL2CFGR1 */
    { 0x09c, 0x00000001 }, /* PLL2CFGR2 */
    { 0x0a0, 0x0001a000 }, /* PLL2FRACR: 266.5 MHz */
    { 0x0c0, 0x00000002 }, /* I2C46CKSELR: HSI */
    { 0x0d0, 0x00000002 }, /* CPERCKSELR: HSE */
    { 0x0d4, 0x00000001 }, /* STGENCKSELR: HSE */
    { 0x140, 0x00110025 }, /* BDCR: LSE runs and clocks the RTC */
    { 0x208, 0x00113900 }, /* MP_APB5ENSETR: RTC, TZC, TZPC, BSEC, STGEN */
    { 0x820, 0x80000001 }, /* RCK3SELR: HSE */
    { 0x824, 0x80000001 }, /* RCK4SELR: HSE */
    { 0x834, 0x80000001 }, /* APB1DIVR */
    { 0x838, 0x80000001 }, /* APB2DIVR */
    { 0x83c, 0x80000001 }, /* APB3DIVR */
    { 0x880, 0x00000073 }, /* PLL3CR */
    { 0x884, 0x01010021 }, /* PLL3CFGR1 */
    { 0x888, 0x00241001 }, /* PLL3CFGR2 */
    { 0x88c, 0x0001d020 }, /* PLL3FRACR: 208.9 MHz */
    { 0x894, 0x00000073 }, /* PLL4CR */
    { 0x898, 0x00030062 }, /* PLL4CFGR1 */
    { 0x89c, 0x00070705 }, /* PLL4CFGR2: 99 MHz, 74.25 MHz */
    { 0x8a0, 0x00010000 }, /* PLL4FRACR */
    { 0x8e8, 0x00000002 }, /* UART24CKSELR: HSI */
    { 0x8f4, 0x00000002 }, /* SDMMC12CKSELR: PLL4P */
};
const unsigned stm32mp15_rcc_booted_count = ARRAY_SIZE(stm32mp15_rcc_booted);
