// SPDX-License-Identifier: MIT
#include "watchdog.h"

#include "registers.h"

/* A watchdog that is started with its counter run out resets the core, of which Linux is told. */
void watchdog_bite(void)
{
	RCC_MC_APB1ENSETR = RCC_MC_APB1ENSETR_WWDG1EN;
	(void)RCC_MC_APB1ENSETR;
	WWDG1_CR = WWDG1_CR_WDGA;
}
