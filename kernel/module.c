// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which the module's parts come and go.
 */
#include <linux/module.h>

#include "coprocessor.h"
#include "driver.h"
#include "parameters.h"

static int __init sdb_init(void)
{
	int err;

	err = sdb_parameters_check();
	if (err)
		return err;
	err = sdb_coprocessors_init();
	if (err)
		return err;
	err = sdb_driver_init();
	if (err)
		sdb_coprocessors_exit();
	return err;
}
module_init(sdb_init);

static void __exit sdb_exit(void)
{
	sdb_driver_exit();
	sdb_coprocessors_exit();
}
module_exit(sdb_exit);

MODULE_DESCRIPTION("Large DDR buffers shared with an RPMsg coprocessor");
MODULE_AUTHOR("The rpmsg_sdb project");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
