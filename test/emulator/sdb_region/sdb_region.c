// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes what the device tree says of a region for the driver's buffers, so
 * that tests have a board whose author gave it one and a board without. For
 * tests only.
 */

#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Give a node a property of this text, or take it away. */
static int set_property(struct device_node *node, char *name, char *text, bool wanted)
{
	struct property *property = of_find_property(node, name, NULL);

	if (wanted == !!property)
		return 0;
	if (property)
		return of_remove_property(node, property);

	/* Its memory is the device tree's from now on. */
	property = kzalloc(sizeof(*property), GFP_KERNEL);
	if (!property)
		return -ENOMEM;
	property->name = name;
	property->value = text;
	property->length = strlen(text) + 1;
	return of_add_property(node, property);
}

/*
 * The board with a region for the driver's buffers in its device tree, or without one, as boards
 * come: 1 or 0; with one that is lent to Linux: "reusable"; or with one that Linux maps: "pages".
 * For drivers that look for it from then on.
 */
static int set_wanted(const char *text, const struct kernel_param *parameter)
{
	struct device_node *pages = of_find_node_by_path("/rpmsg-sdb-pages");
	struct device_node *node = of_find_node_by_path("/rpmsg-sdb");
	struct device_node *region = of_parse_phandle(node, "memory-region", 0);
	bool lent = sysfs_streq(text, "reusable");
	bool mapped = sysfs_streq(text, "pages");
	bool wanted = lent;
	int err = 0;

	if (!region || !pages)
		err = -ENOENT;
	if (!err && !lent && !mapped)
		err = kstrtobool(text, &wanted);
	if (!err)
		err = set_property(region, "reusable", "", lent);
	if (!err)
		err = set_property(node, "status", "disabled", !wanted);
	if (!err)
		err = set_property(pages, "status", "disabled", !mapped);
	of_node_put(region);
	of_node_put(node);
	of_node_put(pages);
	return err;
}

static const struct kernel_param_ops wanted_ops = { .set = set_wanted };
module_param_cb(wanted, &wanted_ops, NULL, 0200);
MODULE_PARM_DESC(wanted, "1, 0, reusable or pages: what there is from now on");

MODULE_DESCRIPTION("Switches the device tree's region for rpmsg_sdb on and off");
MODULE_LICENSE("GPL");
