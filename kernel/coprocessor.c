// SPDX-License-Identifier: GPL-2.0-only
/*
 * What outlives the channel: the memory that a coprocessor was told of, and how
 * the driver learns that the coprocessor can no longer write there.
 *
 * remove() of an rpmsg driver does not tell that. remoteproc removes the channel
 * first and halts the core afterwards. A detach removes the channel and lets the
 * core run on. So does a "destroy" of the name service. The subdevices of
 * remoteproc know better. Their unprepare() runs when the core was halted, and
 * also after a detach. The state that follows tells the two apart.
 */
#include <linux/rpmsg.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "coprocessor.h"

/* Protects the list, and the number of channels of each coprocessor in it. */
static DEFINE_MUTEX(coprocessors_lock);
static LIST_HEAD(coprocessors);

/* Coprocessors that are not freed yet, and who waits for the last of them. */
static atomic_t coprocessors_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(coprocessors_gone);

/* The driver's own, so that the module's exit can wait for the last work item. */
static struct workqueue_struct *coprocessor_queue;

static void coprocessor_release(struct kref *refs)
{
	struct sdb_coprocessor *coprocessor = container_of(refs, struct sdb_coprocessor, pool.refs);

	/* The last reference may be dropped with rproc->lock held, which the release needs. */
	queue_work(coprocessor_queue, &coprocessor->release_work);
}

/* Stop listening to the remote processor. With its lock held. */
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
	sdb_pool_destroy(&coprocessor->pool);
	kfree(coprocessor);
	if (atomic_dec_and_test(&coprocessors_alive))
		wake_up(&coprocessors_gone);
}

/*
 * Whether the core was reset since a life ended. @before is the state when it
 * ended, @now the one that followed. A detached core leaves DETACHED only for
 * ATTACHED, and leaves that only by a stop. DELETED hides the state before it.
 * Drivers that delete a core that Linux booted stop it first. Some drivers
 * detach a core that they found running.
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

/* Take the coprocessor out of the list, if it has no channel. A later one makes another. */
static bool unlist_if_unused(struct sdb_coprocessor *coprocessor)
{
	bool unused;

	mutex_lock(&coprocessors_lock);
	unused = !coprocessor->channels;
	if (unused)
		list_del_init(&coprocessor->link);
	mutex_unlock(&coprocessors_lock);
	return unused;
}

static void end_lives(struct sdb_pool *pool, u32 life)
{
	mutex_lock(&pool->lock);
	pool->ended = life;
	mutex_unlock(&pool->lock);
}

/*
 * A life has ended: find out whether that was a stop. rproc->lock is held all the
 * while, so that no life begins or ends unwatched.
 */
static void settle_life(struct sdb_coprocessor *coprocessor)
{
	struct rproc *rproc = coprocessor->rproc;
	bool stopped, unused;

	/* remoteproc sets the state after unprepare() and before it drops its lock. */
	mutex_lock(&rproc->lock);
	stopped = stopped_since(coprocessor->state_before, rproc->state);
	if (stopped)
		end_lives(&coprocessor->pool, coprocessor->life);

	/* If it runs, the next life has begun, and a channel may be about to join. */
	unused = stopped && rproc->state != RPROC_RUNNING && unlist_if_unused(coprocessor);
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

	/* The call before this one may have settled this life too. */
	if (coprocessor->rproc)
		settle_life(coprocessor);
	sdb_buffers_release_ended(&coprocessor->pool);
	sdb_pool_put(&coprocessor->pool);
}

/* With rproc->lock held. */
static void coprocessor_unprepare(struct rproc_subdev *subdev)
{
	struct sdb_coprocessor *coprocessor = container_of(subdev, struct sdb_coprocessor, subdev);

	WRITE_ONCE(coprocessor->life, coprocessor->life + 1);
	coprocessor->state_before = coprocessor->rproc->state;
	/* Another firmware may come. A core that runs on after a detach says its features again. */
	WRITE_ONCE(coprocessor->peer, 0);

	if (!kref_get_unless_zero(&coprocessor->pool.refs))
		return;
	if (!queue_work(coprocessor_queue, &coprocessor->ended_work))
		sdb_pool_put(&coprocessor->pool);
}

static void attach_work(struct work_struct *work)
{
	struct sdb_coprocessor *coprocessor =
		container_of(work, struct sdb_coprocessor, attach_work);
	struct rproc *rproc = coprocessor->rproc;

	/* ended_work may drop the other reference as soon as the lock is dropped. */
	get_device(&rproc->dev);
	mutex_lock(&rproc->lock);
	rproc_add_subdev(rproc, &coprocessor->subdev);
	coprocessor->watching = true;
	/*
	 * If it is not up, it stopped before it was watched. If it was started again since,
	 * nobody notices: memory of the missed life is kept until the next stop.
	 */
	if (rproc->state == RPROC_OFFLINE || rproc->state == RPROC_DELETED)
		coprocessor_unprepare(&coprocessor->subdev);
	mutex_unlock(&rproc->lock);
	put_device(&rproc->dev);

	sdb_pool_put(&coprocessor->pool);
}

static struct sdb_coprocessor *coprocessor_create(struct rproc *rproc)
{
	struct sdb_coprocessor *coprocessor;
	int err;

	coprocessor = kzalloc(sizeof(*coprocessor), GFP_KERNEL);
	if (!coprocessor)
		return ERR_PTR(-ENOMEM);

	err = sdb_pool_init(&coprocessor->pool, rproc ? rproc->dev.parent->of_node : NULL,
			    coprocessor_release);
	if (err) {
		kfree(coprocessor);
		return ERR_PTR(err);
	}
	atomic_inc(&coprocessors_alive);
	INIT_WORK(&coprocessor->attach_work, attach_work);
	INIT_WORK(&coprocessor->ended_work, ended_work);
	INIT_WORK(&coprocessor->release_work, release_work);
	coprocessor->subdev.unprepare = coprocessor_unprepare;

	if (rproc) {
		get_device(&rproc->dev);
		coprocessor->rproc = rproc;
		/* A probe from the name service holds rproc->lock, one from insmod does not. */
		kref_get(&coprocessor->pool.refs);
		queue_work(coprocessor_queue, &coprocessor->attach_work);
	}
	return coprocessor;
}

struct sdb_coprocessor *sdb_coprocessor_join(struct rpmsg_device *rpdev)
{
	struct rproc *rproc = rproc_get_by_child(&rpdev->dev);
	struct sdb_coprocessor *coprocessor;

	mutex_lock(&coprocessors_lock);
	list_for_each_entry(coprocessor, &coprocessors, link)
		if (rproc && coprocessor->rproc == rproc &&
		    kref_get_unless_zero(&coprocessor->pool.refs))
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
	/* No channel is left, and retired memory would hold the module. Only releases are left. */
	wait_event(coprocessors_gone, !atomic_read(&coprocessors_alive));
	destroy_workqueue(coprocessor_queue);
}
