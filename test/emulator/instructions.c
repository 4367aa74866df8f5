// SPDX-License-Identifier: MIT
/*
 * A plugin of QEMU that counts the instructions a core of the emulated board executes between two
 * marks, and where. Linux and the coprocessor have a core each. So what the other core does
 * meanwhile is not counted. Time on the host does not count either.
 *
 * A mark is an instruction that does nothing: DBG #5 begins, DBG #6 ends. Each end appends a line to the file that the
 * argument "out" names. It has an item for each block of code that the marking core executed since the beginning:
 * the block's virtual address in hexadecimal digits, a colon, and how many instructions of it.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's plugin interface: what of it is used here, in the version that QEMU 7.2 has. */
#define EXPORT			    __attribute__((visibility("default")))
#define CALLBACK_READS_NO_REGISTERS 0

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t plugin_id;

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
						  void (*callback)(plugin_id,
								   struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block,
						 void (*callback)(unsigned int core, void *data),
						 int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction,
						   void (*callback)(unsigned int core, void *data),
						   int flags, void *data);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block,
							size_t index);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments);

#define CORES	   8
#define MARK_BEGIN 5
#define MARK_END   6

/*
 * Code that was translated. Code that is translated again, or lies at the same address in another
 * process, is one more. None is ever freed: QEMU does not say when it forgets one. Each core writes
 * only its own count.
 */
struct block {
	uint64_t executed[CORES];
	uint64_t address, instructions;
	struct block *next;
};

/* Several cores translate at the same time. */
static _Atomic(struct block *) blocks;

/* Each core is between two marks, or is not. */
static bool counting[CORES];

static FILE *out;

static void execute(unsigned int core, void *data)
{
	struct block *block = data;

	if (core < CORES && counting[core])
		block->executed[core] += block->instructions;
}

/*
 * To write it all down takes milliseconds, in which the board's time goes on. That is after the end.
 * The beginning takes none.
 */
static void end(unsigned int core)
{
	counting[core] = false;
	for (struct block *block = blocks; block; block = block->next) {
		if (!block->executed[core])
			continue;
		fprintf(out, "%llx:%llu ", (unsigned long long)block->address,
			(unsigned long long)block->executed[core]);
		block->executed[core] = 0;
	}
	fputc('\n', out);
	fflush(out);
}

static void mark(unsigned int core, void *which)
{
	if (core >= CORES)
		return;
	if ((uintptr_t)which == MARK_BEGIN)
		counting[core] = true;
	else
		end(core);
}

/* Which mark an instruction is, or 0: DBG #n as ARM and as Thumb, whose halfwords come one by one. */
static unsigned int mark_of(const struct qemu_plugin_insn *instruction)
{
	uint16_t half[2];

	if (qemu_plugin_insn_size(instruction) != sizeof(half))
		return 0;
	memcpy(half, qemu_plugin_insn_data(instruction), sizeof(half));
	for (unsigned int number = MARK_BEGIN; number <= MARK_END; number++) {
		if (half[0] == 0xf3af && half[1] == (0x80f0 | number))
			return number;
		if (half[0] == (0xf0f0 | number) && half[1] == 0xe320)
			return number;
	}
	return 0;
}

static void translate(plugin_id id, struct qemu_plugin_tb *translated)
{
	size_t count = qemu_plugin_tb_n_insns(translated);
	struct block *block = malloc(sizeof(*block));

	(void)id;
	if (!block) {
		fprintf(stderr, "instructions: no memory\n");
		exit(1);
	}
	*block = (struct block){ .address = qemu_plugin_tb_vaddr(translated),
				 .instructions = count,
				 .next = blocks };
	while (!atomic_compare_exchange_weak(&blocks, &block->next, block))
		;
	qemu_plugin_register_vcpu_tb_exec_cb(translated, execute, CALLBACK_READS_NO_REGISTERS,
					     block);
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(translated, i);
		uintptr_t number = mark_of(instruction);

		if (number)
			qemu_plugin_register_vcpu_insn_exec_cb(
				instruction, mark, CALLBACK_READS_NO_REGISTERS, (void *)number);
	}
}

int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments)
{
	(void)info;
	for (int i = 0; i < count; i++)
		if (!strncmp(arguments[i], "out=", 4))
			out = fopen(arguments[i] + 4, "w");
	if (!out) {
		fprintf(stderr,
			"instructions: out=FILE is wanted, and must be one that can be written\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
