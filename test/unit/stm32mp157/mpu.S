/* SPDX-License-Identifier: MIT */
/* The first Cortex-A7's beginning, its aborts, and its way back from an application. */
	.section .vectors, "ax"
	.global start
vectors:
	b	start
	b	.
	b	supervisor
	b	fetch_abort
	b	abort
	b	.
	b	.
	b	.

start:
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0	@ VBAR
	cps	#0x17
	ldr	sp, =STACK
	cps	#0x13
	ldr	sp, =STACK - 0x400
	b	serve

/* Goes on behind the access. */
abort:
	push	{r0, r1}
	mrc	p15, 0, r0, c5, c0, 0	@ DFSR
	ldr	r1, =HAND
	str	r0, [r1, #16]
	pop	{r0, r1}
	subs	pc, lr, #4

/* Of a function that the kernel called: goes on behind the call. */
fetch_abort:
	push	{r0, r1}
	mrc	p15, 0, r0, c5, c0, 1	@ IFSR
	ldr	r1, =HAND
	str	r0, [r1, #16]
	pop	{r0, r1}
	cps	#0x13
	bx	lr

/* Goes on behind the call, with the rights of the kernel. */
supervisor:
	push	{r1}
	mrs	r1, spsr
	bic	r1, r1, #0x1f
	orr	r1, r1, #0x13
	msr	spsr_c, r1
	pop	{r1}
	movs	pc, lr
