// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rpmsg driver: a channel comes, gets a device node, and goes.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/rpmsg.h>
#include <linux/slab.h>

#include "channel.h"
#include "compat.h"
#include "coprocessor.h"
#include "driver.h"
#include "file.h"
#include "parameters.h"
#include "receive.h"
#include "send.h"
#include "statistics.h"
#include "uapi/rpmsg_sdb.h"
#include "withdrawal.h"

#define CHANNELS_MAX 16

static struct class *channel_class;
static dev_t channel_devt;
static DEFINE_IDA(channel_minors);

static void channel_release(struct device *dev)
{
	struct sdb_channel *channel = container_of(dev, struct sdb_channel, dev);

	sdb_pool_put(&channel->coprocessor->pool);
	xa_destroy(&channel->by_index);
	mutex_destroy(&channel->send_lock);
	kfree(channel);
}

static struct sdb_channel *channel_create(struct rpmsg_device *rpdev)
{
	struct sdb_channel *channel;
	int err;

	channel = kzalloc(sizeof(*channel), GFP_KERNEL);
	if (!channel)
		return ERR_PTR(-ENOMEM);

	channel->minor = ida_alloc_max(&channel_minors, CHANNELS_MAX - 1, GFP_KERNEL);
	if (channel->minor < 0) {
		err = channel->minor;
		goto free;
	}
	channel->coprocessor = sdb_coprocessor_join(rpdev);
	if (IS_ERR(channel->coprocessor)) {
		err = PTR_ERR(channel->coprocessor);
		goto free_minor;
	}
	channel->life = READ_ONCE(channel->coprocessor->life);
	channel->rpdev = rpdev;
	channel->peer = sdb_forced_peer() & SDB_FEATURES;
	channel->confirms = (channel->peer | sdb_coprocessor_peer(channel->coprocessor)) &
			    RPMSG_SDB_PEER_WITHDRAWAL;
	sdb_send_init(channel);
	sdb_withdrawal_init(channel);
	spin_lock_init(&channel->delivery_lock);
	xa_init_flags(&channel->by_index, XA_FLAGS_ALLOC);
	INIT_LIST_HEAD(&channel->inboxes);

	/* From here on channel_release() frees it all. */
	device_initialize(&channel->dev);
	channel->dev.class = channel_class;
	channel->dev.parent = &rpdev->dev;
	channel->dev.release = channel_release;
	channel->dev.groups = sdb_channel_attributes;
	channel->dev.devt = MKDEV(MAJOR(channel_devt), channel->minor);
	dev_set_drvdata(&channel->dev, channel);
	cdev_init(&channel->cdev, &sdb_file_operations);
	channel->cdev.owner = THIS_MODULE;
	err = channel->minor ? dev_set_name(&channel->dev, "rpmsg_sdb%d", channel->minor) :
			       dev_set_name(&channel->dev, "rpmsg_sdb");
	if (err)
		goto put;
	return channel;

put:
	ida_free(&channel_minors, channel->minor);
	sdb_coprocessor_leave(channel->coprocessor);
	put_device(&channel->dev);
	return ERR_PTR(err);

free_minor:
	ida_free(&channel_minors, channel->minor);
free:
	kfree(channel);
	return ERR_PTR(err);
}

/* A link for people to find the memory by. The channel works without it. */
static void link_memory(struct sdb_channel *channel)
{
	struct device *memory = sdb_pool_device(&channel->coprocessor->pool);

	if (sysfs_create_link(&channel->dev.kobj, &memory->kobj, "memory"))
		dev_notice(&channel->dev, "no link to %s\n", dev_name(memory));
}

/* Undo channel_create(), and what the callback and files did since. */
static void channel_destroy(struct rpmsg_device *rpdev, struct sdb_channel *channel)
{
	ida_free(&channel_minors, channel->minor);
	sdb_channel_hang_up(channel);
	sdb_send_stop(channel);
	sdb_withdrawal_stop(channel);
	sdb_coprocessor_leave(channel->coprocessor);

	/* The endpoint lives a little longer. Wait for callbacks that saw the channel. */
	dev_set_drvdata(&rpdev->dev, NULL);
	synchronize_rcu();
	put_device(&channel->dev);
}

/*
 * This may run in the name service's callback, with rproc->lock held. So nothing
 * here waits for the coprocessor.
 */
static int channel_probe(struct rpmsg_device *rpdev)
{
	struct sdb_channel *channel;
	int err;

	channel = channel_create(rpdev);
	if (IS_ERR(channel))
		return PTR_ERR(channel);

	/*
	 * The endpoint is there already. From here on its callback sees the channel, and
	 * must see all that is in it.
	 */
	smp_wmb();
	dev_set_drvdata(&rpdev->dev, channel);

	err = cdev_device_add(&channel->cdev, &channel->dev);
	if (err)
		channel_destroy(rpdev, channel);
	else
		link_memory(channel);
	return err;
}

/*
 * The coprocessor may run on, and may still write to buffers. rproc->lock is held,
 * so this must not wait for anybody who needs it.
 */
static void channel_remove(struct rpmsg_device *rpdev)
{
	struct sdb_channel *channel = dev_get_drvdata(&rpdev->dev);

	cdev_device_del(&channel->cdev, &channel->dev);
	channel_destroy(rpdev, channel);
}

static const struct rpmsg_device_id channel_ids[] = { { .name = "rpmsg-sdb-channel" }, {} };
MODULE_DEVICE_TABLE(rpmsg, channel_ids);

static struct rpmsg_driver channel_driver = {
	.drv.name = KBUILD_MODNAME,
	.id_table = channel_ids,
	.probe = channel_probe,
	.callback = sdb_receive,
	.remove = channel_remove,
};

int sdb_driver_init(void)
{
	int err;

	err = alloc_chrdev_region(&channel_devt, 0, CHANNELS_MAX, KBUILD_MODNAME);
	if (err)
		return err;

	channel_class = class_create(KBUILD_MODNAME);
	if (IS_ERR(channel_class)) {
		err = PTR_ERR(channel_class);
		goto unregister_region;
	}
	err = register_rpmsg_driver(&channel_driver);
	if (err)
		goto destroy_class;
	return 0;

destroy_class:
	class_destroy(channel_class);
unregister_region:
	unregister_chrdev_region(channel_devt, CHANNELS_MAX);
	return err;
}

void sdb_driver_exit(void)
{
	unregister_rpmsg_driver(&channel_driver);
	class_destroy(channel_class);
	unregister_chrdev_region(channel_devt, CHANNELS_MAX);
	ida_destroy(&channel_minors);
}
