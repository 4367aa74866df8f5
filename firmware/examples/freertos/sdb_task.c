// SPDX-License-Identifier: MIT
/*
 * One task owns the channel, so the service needs no lock: every call of sdb_service.h is made from it. Interrupts only
 * wake it. Here a DMA fills one buffer at a time, and only those that Linux has handed over, so nothing is overwritten
 * while Linux reads it.
 *
 * Handlers that call ..._from_isr() need a priority that FreeRTOS allows to call it: a number that is not below
 * configMAX_SYSCALL_INTERRUPT_PRIORITY. On an STM32MP1 sdb_task_message_from_isr() goes to the end of IPCC_RX1_IRQHandler()
 * and IPCC_TX1_IRQHandler().
 */
#include "sdb_task.h"

#include "FreeRTOS.h"
#include "task.h"

#include "openamp.h"
#include "sdb_openamp.h"

#define BUFFERS	  8
#define STACK	  512 /* in words; the glue and the service each put a payload of 496 bytes on it */
#define NO_BUFFER UINT32_MAX

static struct sdb_openamp channel;
static struct sdb_buffer table[BUFFERS];
static const struct sdb_window ddr = { 0xc0000000, 0xdfffffff };
static TaskHandle_t task;

/* Buffers to be filled, a bit each, and the one that is being filled. Only the task looks at them. */
static uint32_t empty, sampling = NO_BUFFER;
/*
 * The interrupt handler leaves the number of bytes here for the task. It is 0 while the sampling
 * goes on.
 */
static volatile uint32_t sampled;
/*
 * The buffer that is being filled has a new owner meanwhile. That owner did not ask for this fill.
 */
static bool stale;

static void announced(void *context, uint32_t index, const struct sdb_buffer *buffer)
{
	(void)context;
	(void)buffer;
	empty &= ~(1u << index);
	if (index == sampling)
		stale = true;
}

static void handed_over(void *context, uint32_t index, uint32_t length)
{
	(void)context;
	/*
	 * This firmware has no use for what Linux filled (length is not 0). It fills the buffer and
	 * sends it back.
	 */
	(void)length;
	empty |= 1u << index;
}

static bool withdrawn(void *context, uint32_t index)
{
	(void)context;
	empty &= ~(1u << index);
	/* The DMA still writes there. Linux is told when the DMA has ended. */
	return index != sampling;
}

static const struct sdb_calls calls = {
	.send = sdb_openamp_send,
	.barrier = sdb_openamp_barrier,
	.announced = announced,
	.handed_over = handed_over,
	.withdrawn = withdrawn,
};
static const struct sdb_config config = {
	.buffers = table,
	.buffer_count = BUFFERS,
	.windows = &ddr,
	.window_count = 1,
	.alignment = 4,
	.features = SDB_FEATURE_HANDOVER | SDB_FEATURE_WITHDRAW,
	.calls = &calls,
	.context = &channel,
};

/* Tells Linux of a fill. False: there is no room in the ring, try again. */
static bool deliver(void)
{
	if (sampling == NO_BUFFER || !sampled)
		return true;
	if (!stale && sdb_service_transfer(&channel.service, sampling, sampled) == SDB_FULL)
		return false;
	/* If Linux wanted the buffer back meanwhile, nothing was sent, and this answers it. */
	sdb_service_released(&channel.service, sampling);
	sampling = NO_BUFFER;
	return true;
}

static void begin(void)
{
	const struct sdb_buffer *buffer;
	uint32_t index = 0;

	if (sampling != NO_BUFFER || !empty)
		return;
	while (!(empty & 1u << index))
		index++;
	empty &= ~(1u << index);
	buffer = sdb_service_buffer(&channel.service, index);
	if (!buffer)
		return;
	sampled = 0;
	stale = false;
	sampling = index;
	start_sampling(buffer->address, buffer->length);
}

static void run(void *unused)
{
	(void)unused;
	sdb_openamp_init(&channel, &config);
	OPENAMP_create_endpoint(&channel.endpoint, SDB_CHANNEL_NAME, RPMSG_ADDR_ANY,
				sdb_openamp_receive, NULL);
	for (;;) {
		bool done;

		OPENAMP_check_for_message();
		done = deliver();
		if (!sdb_service_poll(&channel.service))
			done = false;
		begin();
		/*
		 * A message that found no room is tried again a tick later. Anything else wakes the
		 * task.
		 */
		ulTaskNotifyTake(pdTRUE, done ? portMAX_DELAY : 1);
	}
}

void sdb_task_start(void)
{
	xTaskCreate(run, "sdb", STACK, NULL, tskIDLE_PRIORITY + 2, &task);
}

void sdb_task_message_from_isr(void)
{
	BaseType_t woken = pdFALSE;

	/* Linux may send before the scheduler has begun. The task looks for messages when it begins. */
	if (!task)
		return;
	vTaskNotifyGiveFromISR(task, &woken);
	portYIELD_FROM_ISR(woken);
}

void sdb_task_sampled_from_isr(uint32_t bytes)
{
	sampled = bytes;
	sdb_task_message_from_isr();
}
