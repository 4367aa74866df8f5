/* SPDX-License-Identifier: MIT */
/*
 * The attack. Threads of one process make random system calls on the device. They share all descriptors, and a range
 * of addresses (the arena) that they all map and unmap. Nothing of the process itself lies in the arena, so the
 * process survives its own calls.
 */
#ifndef ATTACK_ATTACKER_H
#define ATTACK_ATTACKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"

#define ATTACK_THREADS_MAX 16
#define ATTACK_SLOTS	   48
#define ATTACK_RECENT	   8

/* Counts of what worked. They show an attack that does nothing. */
enum attack_count {
	ATTACK_OPENED,
	ATTACK_MAPPED,
	ATTACK_IOCTLS,
	ATTACK_RECORDS,
	ATTACK_HANDED_OVER,
	ATTACK_TOUCHED,
	ATTACK_FORKED,
	ATTACK_GONE,
	ATTACK_COUNTS,
};

/* In memory shared with the process that watches. */
struct attack {
	const char *device;
	uint64_t seed;
	unsigned int threads;
	/* the threads wait for it until all that the process needs is mapped: they leave holes that it would be mapped into */
	atomic_bool go;
	atomic_bool stop;
	atomic_uint running;
	atomic_ulong steps;
	atomic_ulong counts[ATTACK_COUNTS];
	/* descriptors, -1 where there is none; any thread uses and closes any */
	atomic_int slots[ATTACK_SLOTS];
	/* what each thread is in, for a report of one that hangs */
	const char *_Atomic doing[ATTACK_THREADS_MAX];
	/* the first thing that is wrong */
	atomic_bool is_wrong;
	char wrong[256];
};

/* One thread. */
struct attacker {
	struct attack *attack;
	unsigned int number;
	struct random random;
	/* a page of its own for structures, between two that nobody may touch */
	unsigned char *page;
};

struct attack_call {
	const char *name;
	/* how often, among all */
	unsigned int weight;
	void (*run)(struct attacker *attacker);
};

extern const struct attack_call device_calls[];
extern const struct attack_call memory_calls[];
extern const struct attack_call descriptor_calls[];
extern const struct attack_call process_calls[];

static inline void attack_counted(struct attacker *attacker, enum attack_count count)
{
	atomic_fetch_add_explicit(&attacker->attack->counts[count], 1, memory_order_relaxed);
}

/* Only the first one is kept. */
void attack_wrong(struct attack *attack, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Checks what a system call returned, as the C library gives it (-1 and errno), and returns it. An error that user
 * space must never see is wrong.
 */
long attack_result(struct attacker *attacker, long result);

/* One of a list. */
#define ATTACK_ONE_OF(attacker, list) \
	((list)[random_below(&(attacker)->random, sizeof(list) / sizeof((list)[0]))])

/* ---- arena.c ---- */

/* Reserves the arena, once, before the threads start. */
bool arena_reserve(void);
/* A page-aligned address in it; with room for length bytes where that is possible. */
unsigned char *arena_pages(struct attacker *attacker, size_t length);
/* Any address that a program might pass: in the arena, misaligned, in no mapping, in the kernel. Nothing of our own. */
void *any_pointer(struct attacker *attacker);
/* A length of a few bytes or pages, rarely much more. */
size_t any_length(struct attacker *attacker);
/* A page with a guard on either side. */
unsigned char *guarded_page(void);

/* ---- slots.c ---- */

/* Some descriptor of the table, or rarely garbage. */
int any_descriptor(struct attacker *attacker);
/* One that was the device's when it was put there, if there is one. */
int device_descriptor(struct attacker *attacker);
/* Takes over a descriptor; whatever its place held is closed. */
void keep_descriptor(struct attacker *attacker, int fd, bool is_device);

#endif
