// SPDX-License-Identifier: GPL-2.0-only
/*
 * What outlives the channel: the memory that a coprocessor was told of, and
 * how we learn that it cannot write there any more.
 *
 * An rpmsg driver's remove() does not tell that. remoteproc removes the channel
 * first and halts the core afterwards; a detach removes the channel and lets
 * the core run on; so does a name service "destroy". remoteproc's subdevices
 * know better: their unprepare() runs when the core has been halted, and also
 * after a detach, which the state that follows tells apart.
 */
#include <linux/dma-mapping.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/rpmsg.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "coprocessor.h"
#include "parameters.h"

/* Protects the list, and the number of channels of those in it. */
static DEFINE_MUTEX(coprocessors_lock);
static LIST_HEAD(coprocessors);

/* All that are not freed, and who waits for there to be none. */
static atomic_t coprocessors_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(coprocessors_gone);

/* Ours, so that the module's exit can wait for the last of it. */
static struct workqueue_struct *coprocessor_queue;

/*
 * A board's author may give a region of its own:
 *	rpmsg-sdb { compatible = "rpmsg-sdb"; memory-region = <&region>; };
 * A reusable one is lent to Linux, and shared with it: buffers could then lie elsewhere too.
 * Through pools of other kinds data is copied.
 */
static int use_region(struct device *memory, bool *has_region)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "rpmsg-sdb");
	struct device_node *region;
	int err = -EINVAL;

	*has_region = of_device_is_available(node);
	if (!*has_region) {
		of_node_put(node);
		return 0;
	}
	region = of_parse_phandle(node, "memory-region", 0);
	if (of_device_is_available(region) && of_device_is_compatible(region, "shared-dma-pool") &&
	    !of_property_read_bool(region, "reusable"))
		err = of_reserved_mem_device_init_by_idx(memory, node, 0);
	if (err)
		dev_err(memory,
			"memory-region of %pOF: error %d; it must be a shared-dma-pool, not reusable\n",
			node, err);
	of_node_put(region);
	of_node_put(node);
	return err;
}

/*
 * Buffers come from a device of our own. The remote processor's device
 * translates addresses for the coprocessor's own RAM and its virtio device
 * owns a pool of a few pages: neither can give DDR.
 */
static struct platform_device *memory_device(bool *has_region)
{
	struct platform_device_info info = {
		.name = "rpmsg_sdb",
		.id = PLATFORM_DEVID_AUTO,
		/* A dma-buf is mapped wherever it lies, and refused afterwards: see below. */
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *memory;
	int err;

	memory = platform_device_register_full(&info);
	if (IS_ERR(memory))
		return memory;

	/*
	 * Where the architecture can choose, have it choose what the coprocessor reaches. For
	 * what is allocated only: of mappings beyond a limit of the device the DMA layer makes
	 * copies, which no coprocessor would see, or a warning.
	 */
	memory->dev.coherent_dma_mask = sdb_address_limit() - 1;
	/*
	 * 32-bit ARM does not choose. With DMA debugging it takes the lowest bit that is not in
	 * the mask for the largest size, and 5.10 does not serve a device whose mask does not
	 * cover all memory: there it is one of whole bits.
	 */
	if (IS_ENABLED(CONFIG_ARM))
		memory->dev.coherent_dma_mask = DMA_BIT_MASK(fls64(sdb_address_limit() - 1));
	/* Nor need an exporter cut them up. */
	dma_set_max_seg_size(&memory->dev, UINT_MAX);

	err = use_region(&memory->dev, has_region);
	if (err) {
		platform_device_unregister(memory);
		return ERR_PTR(err);
	}
	return memory;
}

static void memory_device_release(struct platform_device *memory)
{
	of_reserved_mem_device_release(&memory->dev);
	platform_device_unregister(memory);
}

static void coprocessor_release(struct kref *refs)
{
	struct sdb_coprocessor *coprocessor = container_of(refs, struct sdb_coprocessor, refs);

	/* The last reference may go with rproc->lock held, which the release needs. */
	queue_work(coprocessor_queue, &coprocessor->release_work);
}

void sdb_coprocessor_put(struct sdb_coprocessor *coprocessor)
{
	kref_put(&coprocessor->refs, coprocessor_release);
}

struct device *sdb_coprocessor_memory(struct sdb_coprocessor *coprocessor)
{
	return &coprocessor->memory->dev;
}

/* No more news of the remote processor. With its lock held. */
static void unwatch(struct sdb_coprocessor *coprocessor)
{
	if (coprocessor->watching)
		rproc_remove_subdev(coprocessor->rproc, &coprocessor->subdev);
	coprocessor->watching = false;
}

static void drop_rproc(struct sdb_coprocessor *coprocessor)
{
	struct rproc *rproc = coprocessor->rproc;

	coprocessor->rproc = NULL;
	put_device(&rproc->dev);
}

static void release_work(struct work_struct *work)
{
	struct sdb_coprocessor *coprocessor =
		container_of(work, struct sdb_coprocessor, release_work);

	mutex_lock(&coprocessors_lock);
	list_del_init(&coprocessor->link);
	mutex_unlock(&coprocessors_lock);

	if (coprocessor->rproc) {
		mutex_lock(&coprocessor->rproc->lock);
		unwatch(coprocessor);
		mutex_unlock(&coprocessor->rproc->lock);
		drop_rproc(coprocessor);
	}
	sysfs_remove_group(&coprocessor->memory->dev.kobj, &sdb_memory_group);
	memory_device_release(coprocessor->memory);
	mutex_destroy(&coprocessor->lock);
	kfree(coprocessor);
	if (atomic_dec_and_test(&coprocessors_alive))
		wake_up(&coprocessors_gone);
}

/*
 * Whether the core was reset since a life ended in state @before, when the
 * remote processor is in state @now. A detached core leaves DETACHED only for
 * ATTACHED, and that only by a stop. DELETED hides what went before it: no
 * driver detaches a core that Linux booted in order to delete it, but some do
 * detach one that they found running.
 */
static bool stopped_since(enum rproc_state before, enum rproc_state now)
{
	switch (now) {
	case RPROC_OFFLINE:
	case RPROC_RUNNING:
		return true;
	case RPROC_DELETED:
		return before == RPROC_RUNNING || before == RPROC_CRASHED ||
		       before == RPROC_OFFLINE;
	default:
		return false;
	}
}

/* Out of the list, if no channel is there: one that comes later finds another. */
static bool retire_coprocessor(struct sdb_coprocessor *coprocessor)
{
	bool unused;

	mutex_lock(&coprocessors_lock);
	unused = !coprocessor->channels;
	if (unused)
		list_del_init(&coprocessor->link);
	mutex_unlock(&coprocessors_lock);
	return unused;
}

/*
 * A life has ended: was that a stop? All under rproc->lock, so that none begins
 * or ends meanwhile: one that did would find nobody watching.
 */
static void settle_life(struct sdb_coprocessor *coprocessor)
{
	struct rproc *rproc = coprocessor->rproc;
	bool stopped, unused;

	/* remoteproc sets the state after unprepare() and before it drops its lock. */
	mutex_lock(&rproc->lock);
	mutex_lock(&coprocessor->lock);
	stopped = stopped_since(coprocessor->state_before, rproc->state);
	if (stopped)
		coprocessor->ended = coprocessor->life;
	mutex_unlock(&coprocessor->lock);

	/* In the next life, which has begun if it runs, a channel may be about to join. */
	unused = stopped && rproc->state != RPROC_RUNNING && retire_coprocessor(coprocessor);
	if (unused)
		unwatch(coprocessor);
	mutex_unlock(&rproc->lock);
	if (unused)
		drop_rproc(coprocessor);
}

static void ended_work(struct work_struct *work)
{
	struct sdb_coprocessor *coprocessor =
		container_of(work, struct sdb_coprocessor, ended_work);

	/* The call before may have come late enough to settle this life too. */
	if (coprocessor->rproc)
		settle_life(coprocessor);
	sdb_buffers_release_ended(coprocessor);
	sdb_coprocessor_put(coprocessor);
}

/* With rproc->lock held. */
static void coprocessor_unprepare(struct rproc_subdev *subdev)
{
	struct sdb_coprocessor *coprocessor = container_of(subdev, struct sdb_coprocessor, subdev);

	mutex_lock(&coprocessor->lock);
	WRITE_ONCE(coprocessor->life, coprocessor->life + 1);
	coprocessor->state_before = coprocessor->rproc->state;
	/* Another firmware may come. A core that runs on after a detach says its features again. */
	WRITE_ONCE(coprocessor->peer, 0);
	mutex_unlock(&coprocessor->lock);

	if (!kref_get_unless_zero(&coprocessor->refs))
		return;
	if (!queue_work(coprocessor_queue, &coprocessor->ended_work))
		sdb_coprocessor_put(coprocessor);
}

static void attach_work(struct work_struct *work)
{
	struct sdb_coprocessor *coprocessor =
		container_of(work, struct sdb_coprocessor, attach_work);
	struct rproc *rproc = coprocessor->rproc;

	/* Once we let go of its lock, ended_work may drop the other reference. */
	get_device(&rproc->dev);
	mutex_lock(&rproc->lock);
	rproc_add_subdev(rproc, &coprocessor->subdev);
	coprocessor->watching = true;
	/*
	 * It may have stopped before we could watch, and only then is it not
	 * up. If it was started again since, the memory of the life we missed
	 * stays ours until the next stop.
	 */
	if (rproc->state == RPROC_OFFLINE || rproc->state == RPROC_DELETED)
		coprocessor_unprepare(&coprocessor->subdev);
	mutex_unlock(&rproc->lock);
	put_device(&rproc->dev);

	sdb_coprocessor_put(coprocessor);
}

static struct sdb_coprocessor *coprocessor_create(struct rproc *rproc)
{
	struct sdb_coprocessor *coprocessor;
	int err;

	coprocessor = kzalloc(sizeof(*coprocessor), GFP_KERNEL);
	if (!coprocessor)
		return ERR_PTR(-ENOMEM);

	coprocessor->memory = memory_device(&coprocessor->has_region);
	if (IS_ERR(coprocessor->memory)) {
		err = PTR_ERR(coprocessor->memory);
		goto free;
	}
	mutex_init(&coprocessor->lock);
	platform_set_drvdata(coprocessor->memory, coprocessor);
	err = sysfs_create_group(&coprocessor->memory->dev.kobj, &sdb_memory_group);
	if (err)
		goto unregister;

	atomic_inc(&coprocessors_alive);
	kref_init(&coprocessor->refs);
	INIT_LIST_HEAD(&coprocessor->retired);
	INIT_WORK(&coprocessor->attach_work, attach_work);
	INIT_WORK(&coprocessor->ended_work, ended_work);
	INIT_WORK(&coprocessor->release_work, release_work);
	coprocessor->subdev.unprepare = coprocessor_unprepare;

	if (rproc) {
		get_device(&rproc->dev);
		coprocessor->rproc = rproc;
		/* A probe from the name service holds rproc->lock, one from insmod does not. */
		kref_get(&coprocessor->refs);
		queue_work(coprocessor_queue, &coprocessor->attach_work);
	}
	return coprocessor;

unregister:
	memory_device_release(coprocessor->memory);
free:
	kfree(coprocessor);
	return ERR_PTR(err);
}

struct sdb_coprocessor *sdb_coprocessor_join(struct rpmsg_device *rpdev)
{
	struct rproc *rproc = rproc_get_by_child(&rpdev->dev);
	struct sdb_coprocessor *coprocessor;

	mutex_lock(&coprocessors_lock);
	list_for_each_entry(coprocessor, &coprocessors, link)
		if (rproc && coprocessor->rproc == rproc &&
		    kref_get_unless_zero(&coprocessor->refs))
			goto found;

	coprocessor = coprocessor_create(rproc);
	if (IS_ERR(coprocessor))
		goto unlock;
	list_add(&coprocessor->link, &coprocessors);
found:
	coprocessor->channels++;
unlock:
	mutex_unlock(&coprocessors_lock);
	return coprocessor;
}

void sdb_coprocessor_leave(struct sdb_coprocessor *coprocessor)
{
	mutex_lock(&coprocessors_lock);
	coprocessor->channels--;
	mutex_unlock(&coprocessors_lock);
}

int sdb_coprocessors_init(void)
{
	coprocessor_queue = alloc_workqueue("rpmsg_sdb", WQ_UNBOUND, 0);
	return coprocessor_queue ? 0 : -ENOMEM;
}

void sdb_coprocessors_exit(void)
{
	/* All channels are gone, and retired memory holds the module: only releases are left. */
	wait_event(coprocessors_gone, !atomic_read(&coprocessors_alive));
	destroy_workqueue(coprocessor_queue);
}
