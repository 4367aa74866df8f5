/* SPDX-License-Identifier: MIT */
/*
 * The one function of the compiler's library that this firmware needs. A compiler for Linux on
 * Cortex-A has a library with instructions that this core does not have.
 *
 * __aeabi_uldivmod: r1:r0 / r3:r2, quotient in r1:r0, remainder in r3:r2 (Run-time ABI for the Arm
 * Architecture, 4.3.1). A bit a round; a divisor of zero gives all ones.
 */
	.syntax unified
	.thumb
	.text
	.global __aeabi_uldivmod
	.type __aeabi_uldivmod, %function
	.thumb_func
__aeabi_uldivmod:
	push	{r4-r8, lr}
	movs	r4, #0		/* remainder, low */
	movs	r5, #0		/* remainder, high */
	movs	r6, #64
1:	adds	r0, r0, r0	/* dividend out at the top, quotient in at the bottom */
	adcs	r1, r1, r1
	adcs	r4, r4, r4
	adcs	r5, r5, r5
	bcs	2f		/* the remainder has outgrown 64 bits, so it is larger */
	subs	r7, r4, r2
	sbcs	r8, r5, r3
	bcc	3f
2:	subs	r4, r4, r2
	sbc	r5, r5, r3
	adds	r0, r0, #1
3:	subs	r6, r6, #1
	bne	1b
	mov	r2, r4
	mov	r3, r5
	pop	{r4-r8, pc}
