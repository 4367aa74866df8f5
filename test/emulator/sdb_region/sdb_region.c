// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes what the device tree says of a region for the driver's buffers, so
 * that tests have a board whose author gave it one and a board without. For
 * tests only.
 */

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

/* What the device tree has, by the word that is written. */
static const struct choice {
	const char *word;
	/* Nodes that are not disabled: the two of the root, and the coprocessor's own. */
	bool root, pages, own;
	/* Properties of the region that the first of them names. */
	bool reusable, disabled;
} choices[] = {
	{ "0" },
	{ "1", .root = true },
	{ "reusable", .root = true, .reusable = true },
	{ "disabled", .root = true, .disabled = true },
	{ "pages", .pages = true },
	{ "own", .root = true, .own = true },
};

static int apply(const struct choice *choice)
{
	struct device_node *root = of_find_node_by_path("/rpmsg-sdb");
	struct device_node *region = of_parse_phandle(root, "memory-region", 0);
	struct device_node *pages = of_find_node_by_path("/rpmsg-sdb-pages");
	struct device_node *remote = of_find_compatible_node(NULL, NULL, "st,stm32mp1-m4");
	struct device_node *own = of_get_child_by_name(remote, "rpmsg-sdb");
	int err = -ENOENT;

	if (region && pages && own)
		err = set_property(region, "reusable", "", choice->reusable);
	if (!err)
		err = set_property(region, "status", "disabled", choice->disabled);
	if (!err)
		err = set_property(root, "status", "disabled", !choice->root);
	if (!err)
		err = set_property(pages, "status", "disabled", !choice->pages);
	if (!err)
		err = set_property(own, "status", "disabled", !choice->own);
	of_node_put(own);
	of_node_put(remote);
	of_node_put(pages);
	of_node_put(region);
	of_node_put(root);
	return err;
}

/* For drivers that look for a region from then on. */
static int set_wanted(const char *text, const struct kernel_param *parameter)
{
	const struct choice *choice;

	for (choice = choices; choice < choices + ARRAY_SIZE(choices); choice++)
		if (sysfs_streq(text, choice->word))
			return apply(choice);
	return -EINVAL;
}

static const struct kernel_param_ops wanted_ops = { .set = set_wanted };
module_param_cb(wanted, &wanted_ops, NULL, 0200);
MODULE_PARM_DESC(wanted, "what there is from now on: 0, 1, reusable, disabled, pages or own");

MODULE_DESCRIPTION("Switches the device tree's region for rpmsg_sdb on and off");
MODULE_LICENSE("GPL");
