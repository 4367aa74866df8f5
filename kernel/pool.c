// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the buffers of one coprocessor get their memory, and how much of it there is.
 */
#include <linux/dma-mapping.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

#include "parameters.h"
#include "pool.h"

#define COUNTER(_name) \
	static ssize_t _name##_show(struct device *device, struct device_attribute *attribute, \
				    char *text) \
	{ \
		struct sdb_pool *pool = dev_get_drvdata(device); \
		u64 value; \
\
		mutex_lock(&pool->lock); \
		value = pool->_name; \
		mutex_unlock(&pool->lock); \
		return sysfs_emit(text, "%llu\n", value); \
	} \
	static DEVICE_ATTR_RO(_name)

COUNTER(buffers);
COUNTER(bytes);
COUNTER(retired_buffers);
COUNTER(retired_bytes);

static struct attribute *pool_attributes[] = {
	&dev_attr_buffers.attr,
	&dev_attr_bytes.attr,
	&dev_attr_retired_buffers.attr,
	&dev_attr_retired_bytes.attr,
	NULL,
};

static const struct attribute_group pool_group = {
	.attrs = pool_attributes,
};

/*
 * The author of a board may give a coprocessor a region for its buffers, or all
 * coprocessors one:
 *	&m4_rproc { rpmsg-sdb { compatible = "rpmsg-sdb"; memory-region = <&region>; }; };
 *	/ { rpmsg-sdb { compatible = "rpmsg-sdb"; memory-region = <&region>; }; };
 */
static struct device_node *available_child(struct device_node *parent)
{
	struct device_node *node;

	for_each_available_child_of_node(parent, node)
		if (of_device_is_compatible(node, "rpmsg-sdb"))
			return node;
	return NULL;
}

static struct device_node *find_node(struct device_node *remote)
{
	struct device_node *node = remote ? available_child(remote) : NULL;
	struct device_node *root;

	if (node)
		return node;
	root = of_find_node_by_path("/");
	node = root ? available_child(root) : NULL;
	of_node_put(root);
	return node;
}

/*
 * With no-map a region has no struct pages, and the DMA layer allocates from it.
 * Linux uses a reusable region too, and allocates elsewhere when that one is full.
 * It copies data through pools of other kinds. So those are refused.
 */
static int use_memory_region(struct sdb_pool *pool, struct device *device, struct device_node *node,
			     struct device_node *region)
{
	if (!of_device_is_available(region) || of_property_read_bool(region, "reusable"))
		return -EINVAL;
	if (of_device_is_compatible(region, "shared-dma-pool")) {
		pool->has_pages = false;
		return of_reserved_mem_device_init_by_idx(device, node, 0);
	}
	/* arm64 has struct pages for it, and no address by which the kernel could reach it. */
	if (of_property_read_bool(region, "no-map"))
		return -EINVAL;
	return sdb_region_find(&pool->region, region);
}

static int use_region(struct sdb_pool *pool, struct device *device, struct device_node *remote)
{
	struct device_node *node = find_node(remote);
	struct device_node *region;
	int err;

	pool->has_pages = true;
	if (!node)
		return 0;
	region = of_parse_phandle(node, "memory-region", 0);
	err = use_memory_region(pool, device, node, region);
	if (err)
		dev_err(device,
			"memory-region of %pOF: error %d; it must not be reusable or in highmem, and must be a shared-dma-pool if it has no-map\n",
			node, err);
	of_node_put(region);
	of_node_put(node);
	return err;
}

static void set_masks(struct device *device)
{
	/*
	 * Some architectures choose memory by the mask of coherent memory: let them choose
	 * what the coprocessor reaches. The mask of mappings stays wide: the DMA layer copies
	 * what lies beyond it, and the coprocessor would not see the copy.
	 */
	device->coherent_dma_mask = sdb_address_limit() - 1;
	/*
	 * 32-bit ARM does not choose, and wants a mask of whole bits. Its DMA debugging takes
	 * the lowest bit that is not in the mask for the largest size. 5.10 does not serve a
	 * device whose mask does not cover all memory.
	 */
	if (IS_ENABLED(CONFIG_ARM))
		device->coherent_dma_mask = DMA_BIT_MASK(fls64(sdb_address_limit() - 1));
	/* An exporter need not cut its memory into pieces for us. */
	dma_set_max_seg_size(device, UINT_MAX);
}

/*
 * The pool has a device of its own. The remote processor's device translates
 * addresses for the coprocessor's own RAM, and its virtio device owns a small
 * pool of a few pages. Neither can give DDR.
 */
int sdb_pool_init(struct sdb_pool *pool, struct device_node *remote,
		  void (*release)(struct kref *refs))
{
	struct platform_device_info info = {
		.name = "rpmsg_sdb",
		.id = PLATFORM_DEVID_AUTO,
		/* A dma-buf is mapped wherever it lies, and refused afterwards: see set_masks(). */
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *platform;
	int err;

	platform = platform_device_register_full(&info);
	if (IS_ERR(platform))
		return PTR_ERR(platform);

	set_masks(&platform->dev);
	err = use_region(pool, &platform->dev, remote);
	if (err)
		goto unregister;

	kref_init(&pool->refs);
	pool->release = release;
	pool->platform = platform;
	mutex_init(&pool->lock);
	INIT_LIST_HEAD(&pool->retired);
	platform_set_drvdata(platform, pool);
	err = sysfs_create_group(&platform->dev.kobj, &pool_group);
	if (err)
		goto release_region;
	return 0;

release_region:
	of_reserved_mem_device_release(&platform->dev);
unregister:
	platform_device_unregister(platform);
	return err;
}

void sdb_pool_destroy(struct sdb_pool *pool)
{
	struct platform_device *platform = pool->platform;

	sysfs_remove_group(&platform->dev.kobj, &pool_group);
	of_reserved_mem_device_release(&platform->dev);
	platform_device_unregister(platform);
	mutex_destroy(&pool->lock);
}

void sdb_pool_put(struct sdb_pool *pool)
{
	kref_put(&pool->refs, pool->release);
}

struct device *sdb_pool_device(struct sdb_pool *pool)
{
	return &pool->platform->dev;
}

const struct sdb_region *sdb_pool_region(struct sdb_pool *pool)
{
	return pool->region.end ? &pool->region : NULL;
}

int sdb_pool_reserve(struct sdb_pool *pool, size_t bytes)
{
	u64 limit = sdb_max_bytes();
	int err = -EDQUOT;

	mutex_lock(&pool->lock);
	if (bytes <= limit && pool->bytes <= limit - bytes) {
		pool->buffers++;
		pool->bytes += bytes;
		err = 0;
	}
	mutex_unlock(&pool->lock);
	return err;
}

void sdb_pool_return(struct sdb_pool *pool, size_t bytes)
{
	lockdep_assert_held(&pool->lock);
	pool->buffers--;
	pool->bytes -= bytes;
}
