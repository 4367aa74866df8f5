// SPDX-License-Identifier: MIT
#include "watchdog.h"

#include "registers.h"

/*
 * A watchdog that is started with an expired counter resets the core, and Linux gets an interrupt.
 */
void watchdog_bite(void)
{
	RCC_MC_APB1ENSETR = RCC_MC_APB1ENSETR_WWDG1EN;
	(void)RCC_MC_APB1ENSETR;
	WWDG1_CR = WWDG1_CR_WDGA;
}
