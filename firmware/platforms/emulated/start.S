/* SPDX-License-Identifier: MIT */
/*
 * Start-up and exception vectors of the emulated coprocessor, 64-bit. PSCI CPU_ON brings the core
 * here in EL1 with MMU and caches off, so that all of memory is Device memory. Pointers have 32
 * bits all the same (-mabi=ilp32): so have the addresses that Linux and a coprocessor exchange.
 */
#define SCTLR_A (1 << 1)
#define DAIF_FIQ 1

	.section .vector, "a"
	.word	stack_main
	.word	start

	.macro	load, register, symbol
	adrp	x\register, \symbol
	add	w\register, w\register, :lo12:\symbol
	.endm

	.section .text.start, "ax"
	.global start
start:
	msr	daifset, #15
	/* Unaligned accesses fault here as they do for a Cortex-M4 in DDR. */
	mrs	x0, sctlr_el1
	orr	x0, x0, #SCTLR_A
	msr	sctlr_el1, x0
	load	0, vectors
	msr	vbar_el1, x0
	msr	spsel, #1
	isb
	load	0, stack_main
	mov	sp, x0

	load	0, bss_start
	load	1, bss_end
1:	cmp	x0, x1
	b.hs	2f
	str	wzr, [x0], #4
	b	1b
2:	bl	main
3:	wfi
	b	3b

	/* One entry of the table: 128 bytes, of which a branch is all that is used. */
	.macro	vector, target
	.balign	128
	b	\target
	.endm

	.balign	2048
vectors:
	/* with the stack pointer of EL0, which is never in use: */
	vector	.
	vector	.
	vector	.
	vector	.
	/* from this level: */
	vector	synchronous
	vector	irq
	vector	fiq
	vector	serror
	/* from a lower one: there is none */
	.rept	8
	vector	.
	.endr

	/* What happened, and where: platform_exception() tells Linux's watchdog, and stays. */
serror:
synchronous:
	load	0, stack_exception
	mov	sp, x0
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	/* The reset still has to come through. */
	msr	daifclr, #DAIF_FIQ
	bl	platform_exception

	/* What a function call may change; the FIQ that could nest does not come back. */
irq:
	sub	sp, sp, #160
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #144]
	msr	daifclr, #DAIF_FIQ
	bl	platform_irq
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x30, [sp, #144]
	add	sp, sp, #160
	eret

	/* The reset line. The core does not come back from it. */
fiq:
	load	0, stack_fiq
	mov	sp, x0
	bl	platform_reset

	/* void core_off(void): PSCI CPU_OFF */
	.global core_off
core_off:
	mov	w0, #0x0002
	movk	w0, #0x8400, lsl #16
	hvc	#0
	b	core_off
