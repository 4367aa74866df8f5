/* SPDX-License-Identifier: MIT */
/*
 * Start-up and exception vectors of the emulated coprocessor. PSCI CPU_ON brings the core here in
 * supervisor mode with MMU and caches off, so that all of memory is strongly ordered.
 */
	.syntax unified
	.arch_extension virt

#define MODE_FIQ 0x11
#define MODE_IRQ 0x12
#define MODE_SVC 0x13
#define MODE_ABT 0x17
#define MODE_UND 0x1b
#define MASK_I 0x80
#define MASK_F 0x40

#define SCTLR_A 0x2

	.section .vector, "a"
	.word stack_main
	.word start

	.section .text.start, "ax"
	.global start
start:
	cpsid	aif
	/* Unaligned accesses fault here as they do for a Cortex-M4 in DDR. */
	mrc	p15, 0, r0, c1, c0, 0
	orr	r0, r0, #SCTLR_A
	mcr	p15, 0, r0, c1, c0, 0
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0
	isb

	msr	cpsr_c, #(MODE_FIQ | MASK_I | MASK_F)
	ldr	sp, =stack_fiq
	msr	cpsr_c, #(MODE_IRQ | MASK_I | MASK_F)
	ldr	sp, =stack_irq
	msr	cpsr_c, #(MODE_ABT | MASK_I | MASK_F)
	ldr	sp, =stack_exception
	msr	cpsr_c, #(MODE_UND | MASK_I | MASK_F)
	ldr	sp, =stack_exception
	msr	cpsr_c, #(MODE_SVC | MASK_I | MASK_F)
	ldr	sp, =stack_main

	ldr	r0, =bss_start
	ldr	r1, =bss_end
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b
	bl	main
2:	wfi
	b	2b

	.balign	32
vectors:
	b	start
	b	undefined
	b	.
	b	prefetch_abort
	b	data_abort
	b	.
	b	irq
	b	fiq

	/* What happened, and where: platform_exception() tells Linux's watchdog, and stays. */
undefined:
	sub	r1, lr, #4
	mov	r0, #0
	b	exception
prefetch_abort:
	sub	r1, lr, #4
	mov	r0, #1
	b	exception
data_abort:
	sub	r1, lr, #8
	mov	r0, #2
exception:
	/* The reset still has to come through. */
	cpsie	f
	mrc	p15, 0, r2, c6, c0, 0
	bl	platform_exception

irq:
	sub	lr, lr, #4
	push	{r0-r3, r12, lr}
	bl	platform_irq
	ldm	sp!, {r0-r3, r12, pc}^

	/* The reset line. The core does not come back from it. */
fiq:
	bl	platform_reset

	/* void core_off(void): PSCI CPU_OFF */
	.global core_off
core_off:
	ldr	r0, =0x84000002
	hvc	#0
	b	core_off
