// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware around the emulated board's coprocessor: mailbox, reset line
 * and hold-boot, so that the kernel's own stm32_rproc drives it as it drives
 * the Cortex-M4 of an STM32MP157. For tests only.
 *
 * The coprocessor is the second core of QEMU's "virt" machine, which Linux does
 * not know of. It is started and looked at through PSCI. Doorbells in both
 * directions are interrupts of the GIC that one side makes pending by hand.
 * Which number means what stands in ../coprocessor.dtsi.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/arm-smccc.h>
#include <linux/bitops.h>
#include <linux/clk-provider.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/reset-controller.h>
#include <uapi/linux/psci.h>

#define MCU_HW_CHANNELS	   4 /* vq0, vq1, shutdown, detach */
#define MCU_HW_RX_CHANNELS 2 /* the coprocessor rings vq0 and vq1 only */

#define HOLD_BOOT_RELEASED BIT(0)
#define VECTOR_ENTRY	   4 /* as on a Cortex-M: word 0 is the stack */

#define AFFINITY_LEVEL_OFF 1
#define RESET_POLL_US	   1000
#define RESET_TIMEOUT_US   500000

static const char *const mcu_hw_channel_names[MCU_HW_CHANNELS] = {
	"vq0",
	"vq1",
	"shutdown",
	"detach",
};

/**
 * struct mcu_hw_channel - one mailbox channel
 * @chan: what the mailbox core calls it
 * @tx_irq: Linux interrupt number of the doorbell towards the coprocessor,
 *	mapped and never requested: it is delivered to the other core
 * @ack_irq: Linux interrupt number of the answer
 * @occupied: bit 0 is set from the doorbell to the coprocessor's answer
 */
struct mcu_hw_channel {
	struct mbox_chan *chan;
	int tx_irq;
	int ack_irq;
	unsigned long occupied;
};

/**
 * struct mcu_hw - the emulated hardware
 * @dev: the platform device
 * @hold_boot: the hold-boot register, plain memory that stm32_rproc writes to
 * @vector: the coprocessor's first two words: stack, entry point
 * @code_start: first address an entry point may have
 * @code_end: first address past the coprocessor's code memory
 * @mpidr: affinity of the coprocessor's core, PSCI's name for it
 * @reset_irq: Linux interrupt number of the reset line, never requested
 * @was_released: value of the hold-boot bit at the previous look at it; only
 *	touched with the clock framework's enable lock held
 * @mbox: mailbox controller
 * @chans: the controller's channels
 * @channels: our part of each channel
 * @rstc: reset controller
 * @clk: clock of the register page
 */
struct mcu_hw {
	struct device *dev;
	void __iomem *hold_boot;
	void __iomem *vector;
	resource_size_t code_start;
	resource_size_t code_end;
	u32 mpidr;
	int reset_irq;
	bool was_released;
	struct mbox_controller mbox;
	struct mbox_chan chans[MCU_HW_CHANNELS];
	struct mcu_hw_channel channels[MCU_HW_CHANNELS];
	struct reset_controller_dev rstc;
	struct clk_hw clk;
};

static unsigned long mcu_hw_psci(unsigned long function, unsigned long a1, unsigned long a2)
{
	struct arm_smccc_res res;

	arm_smccc_hvc(function, a1, a2, 0, 0, 0, 0, 0, &res);
	return res.a0;
}

static bool mcu_hw_is_off(struct mcu_hw *hw)
{
	return mcu_hw_psci(PSCI_0_2_FN_AFFINITY_INFO, hw->mpidr, 0) == AFFINITY_LEVEL_OFF;
}

/* Mailbox */

static int mcu_hw_ring(int irq)
{
	return irq_set_irqchip_state(irq, IRQCHIP_STATE_PENDING, true);
}

/*
 * A doorbell of a vring that was not answered yet says all that a second one
 * would say, so those are acknowledged at once, by an interrupt since the mailbox
 * core holds the channel's lock here. Waiting for the coprocessor, as
 * stm32-ipcc does, overflows the mailbox core's queue of 20 messages (an error in
 * the kernel's log) when the host does not run this core for some milliseconds.
 */
static int mcu_hw_send_data(struct mbox_chan *chan, void *data)
{
	struct mcu_hw *hw = container_of(chan->mbox, struct mcu_hw, mbox);
	struct mcu_hw_channel *channel = chan->con_priv;
	int err;

	set_bit(0, &channel->occupied);
	err = mcu_hw_ring(channel->tx_irq);
	if (!err && channel < &hw->channels[MCU_HW_RX_CHANNELS])
		err = mcu_hw_ring(channel->ack_irq);
	return err;
}

static const struct mbox_chan_ops mcu_hw_mbox_ops = {
	.send_data = mcu_hw_send_data,
};

/* A thread, as in stm32-ipcc, which this replaces. */
static irqreturn_t mcu_hw_received(int irq, void *data)
{
	struct mcu_hw_channel *channel = data;

	mbox_chan_received_data(channel->chan, NULL);
	return IRQ_HANDLED;
}

/*
 * The firmware answers every channel when it starts, to get rid of what an
 * earlier run left unanswered, so not every answer has a message to it.
 *
 * In interrupt context, where stm32-ipcc uses a thread: a task that sends many
 * messages at a stretch would keep the thread from running.
 */
static irqreturn_t mcu_hw_acknowledged(int irq, void *data)
{
	struct mcu_hw_channel *channel = data;

	if (test_and_clear_bit(0, &channel->occupied))
		mbox_chan_txdone(channel->chan, 0);
	return IRQ_HANDLED;
}

static int mcu_hw_request_irq(struct mcu_hw *hw, const char *kind, unsigned int index,
			      irq_handler_t handler, irq_handler_t thread)
{
	const char *name =
		devm_kasprintf(hw->dev, GFP_KERNEL, "%s-%s", kind, mcu_hw_channel_names[index]);
	int irq;

	if (!name)
		return -ENOMEM;
	irq = platform_get_irq_byname(to_platform_device(hw->dev), name);
	if (irq < 0)
		return irq;
	if (handler == mcu_hw_acknowledged)
		hw->channels[index].ack_irq = irq;
	return devm_request_threaded_irq(hw->dev, irq, handler, thread, handler ? 0 : IRQF_ONESHOT,
					 name, &hw->channels[index]);
}

static int mcu_hw_register_mailbox(struct mcu_hw *hw)
{
	struct platform_device *pdev = to_platform_device(hw->dev);
	unsigned int i;
	int err;

	for (i = 0; i < MCU_HW_CHANNELS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "tx-%s", mcu_hw_channel_names[i]);
		hw->channels[i].tx_irq = platform_get_irq_byname(pdev, name);
		if (hw->channels[i].tx_irq < 0)
			return hw->channels[i].tx_irq;
		hw->channels[i].chan = &hw->chans[i];
		hw->chans[i].con_priv = &hw->channels[i];
	}

	hw->mbox.dev = hw->dev;
	hw->mbox.ops = &mcu_hw_mbox_ops;
	hw->mbox.chans = hw->chans;
	hw->mbox.num_chans = MCU_HW_CHANNELS;
	hw->mbox.txdone_irq = true;
	err = devm_mbox_controller_register(hw->dev, &hw->mbox);
	if (err)
		return err;

	for (i = 0; i < MCU_HW_CHANNELS; i++) {
		if (i < MCU_HW_RX_CHANNELS) {
			err = mcu_hw_request_irq(hw, "rx", i, NULL, mcu_hw_received);
			if (err)
				return err;
		}
		err = mcu_hw_request_irq(hw, "ack", i, mcu_hw_acknowledged, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* Reset: an FIQ on the coprocessor, which it never masks and answers with CPU_OFF. */

static int mcu_hw_assert(struct reset_controller_dev *rstc, unsigned long id)
{
	struct mcu_hw *hw = container_of(rstc, struct mcu_hw, rstc);
	bool off;
	int err;

	if (mcu_hw_is_off(hw))
		return 0;
	err = mcu_hw_ring(hw->reset_irq);
	if (err)
		return err;
	err = read_poll_timeout(mcu_hw_is_off, off, off, RESET_POLL_US, RESET_TIMEOUT_US, false,
				hw);
	if (err)
		dev_err(hw->dev, "the coprocessor did not go off\n");
	return err;
}

/* Leaving reset starts nothing: hold-boot does. */
static int mcu_hw_deassert(struct reset_controller_dev *rstc, unsigned long id)
{
	return 0;
}

static const struct reset_control_ops mcu_hw_reset_ops = {
	.assert = mcu_hw_assert,
	.deassert = mcu_hw_deassert,
};

static int mcu_hw_register_reset(struct mcu_hw *hw)
{
	hw->reset_irq = platform_get_irq_byname(to_platform_device(hw->dev), "reset");
	if (hw->reset_irq < 0)
		return hw->reset_irq;
	hw->rstc.owner = THIS_MODULE;
	hw->rstc.ops = &mcu_hw_reset_ops;
	hw->rstc.of_node = hw->dev->of_node;
	hw->rstc.nr_resets = 1;
	return devm_reset_controller_register(hw->dev, &hw->rstc);
}

/* Hold-boot, seen through the clock of its register. */

static void mcu_hw_boot(struct mcu_hw *hw)
{
	u32 entry = readl(hw->vector + VECTOR_ENTRY);
	unsigned long err;

	if (entry < hw->code_start || entry >= hw->code_end) {
		dev_err(hw->dev, "entry point %#x is outside the code memory\n", entry);
		return;
	}
	/* A core that runs goes on: detaching releases hold-boot, too. */
	if (!mcu_hw_is_off(hw))
		return;
	err = mcu_hw_psci(PSCI_0_2_FN_CPU_ON, hw->mpidr, entry);
	if (err)
		dev_err(hw->dev, "CPU_ON failed: %d\n", (int)err);
}

/*
 * regmap-mmio turns the clock on before each access to the register and off
 * after it: this runs after each write of the bit, in atomic context.
 */
static void mcu_hw_clk_disable(struct clk_hw *clk)
{
	struct mcu_hw *hw = container_of(clk, struct mcu_hw, clk);
	bool released = readl(hw->hold_boot) & HOLD_BOOT_RELEASED;

	if (released && !hw->was_released)
		mcu_hw_boot(hw);
	hw->was_released = released;
}

static int mcu_hw_clk_enable(struct clk_hw *clk)
{
	return 0;
}

static const struct clk_ops mcu_hw_clk_ops = {
	.enable = mcu_hw_clk_enable,
	.disable = mcu_hw_clk_disable,
};

static int mcu_hw_register_clock(struct mcu_hw *hw)
{
	const struct clk_init_data init = {
		.name = "mcu-hw",
		.ops = &mcu_hw_clk_ops,
	};
	int err;

	hw->was_released = readl(hw->hold_boot) & HOLD_BOOT_RELEASED;
	hw->clk.init = &init;
	err = devm_clk_hw_register(hw->dev, &hw->clk);
	if (err)
		return err;
	return devm_of_clk_add_hw_provider(hw->dev, of_clk_hw_simple_get, &hw->clk);
}

/*
 * Start what lies in the coprocessor's memory, as a boot loader does, so that a stm32_rproc that is
 * loaded later finds running firmware to attach to.
 */
static ssize_t boot_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	mcu_hw_boot(dev_get_drvdata(dev));
	return count;
}
static DEVICE_ATTR_WO(boot);

static struct attribute *mcu_hw_attrs[] = { &dev_attr_boot.attr, NULL };
ATTRIBUTE_GROUPS(mcu_hw);

static int mcu_hw_probe(struct platform_device *pdev)
{
	struct resource *code;
	struct mcu_hw *hw;
	int err;

	hw = devm_kzalloc(&pdev->dev, sizeof(*hw), GFP_KERNEL);
	if (!hw)
		return -ENOMEM;
	hw->dev = &pdev->dev;
	platform_set_drvdata(pdev, hw);

	hw->hold_boot = devm_platform_ioremap_resource_byname(pdev, "hold-boot");
	if (IS_ERR(hw->hold_boot))
		return PTR_ERR(hw->hold_boot);
	hw->vector = devm_platform_ioremap_resource_byname(pdev, "vector");
	if (IS_ERR(hw->vector))
		return PTR_ERR(hw->vector);
	code = platform_get_resource_byname(pdev, IORESOURCE_MEM, "code");
	if (!code)
		return dev_err_probe(&pdev->dev, -EINVAL, "no code memory\n");
	hw->code_start = code->start;
	hw->code_end = code->end + 1;
	err = of_property_read_u32(pdev->dev.of_node, "mpidr", &hw->mpidr);
	if (err)
		return dev_err_probe(&pdev->dev, err, "no mpidr\n");

	err = mcu_hw_register_mailbox(hw);
	if (err)
		return dev_err_probe(&pdev->dev, err, "no mailbox\n");
	err = mcu_hw_register_reset(hw);
	if (err)
		return dev_err_probe(&pdev->dev, err, "no reset line\n");
	/* Last: stm32_rproc can probe once the clock is there. */
	err = mcu_hw_register_clock(hw);
	if (err)
		return dev_err_probe(&pdev->dev, err, "no clock\n");
	return 0;
}

/*
 * No MODULE_DEVICE_TABLE(of): a 64-bit host's modpost misreads it for a 32-bit
 * target. The board's init loads the module by name, before stm32_rproc.
 */
static const struct of_device_id mcu_hw_of_match[] = { { .compatible = "rpmsg-sdb,mcu-hw" }, {} };

static struct platform_driver mcu_hw_driver = {
	.probe = mcu_hw_probe,
	.driver = {
		.name = "mcu_hw",
		.of_match_table = mcu_hw_of_match,
		.dev_groups = mcu_hw_groups,
	},
};
module_platform_driver(mcu_hw_driver);

MODULE_DESCRIPTION("Mailbox, reset and hold-boot of the emulated board's coprocessor");
MODULE_LICENSE("GPL");
