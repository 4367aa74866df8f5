/* SPDX-License-Identifier: MIT */
#ifndef ATTACK_ATTACK_H
#define ATTACK_ATTACK_H

#define ATTACK_USAGE "[seed=1] [ms=3000] [threads=8] [device=/dev/rpmsg_sdb]"

/* `agent attack [KEY=VALUE…]`: the exit code. */
int attack_main(int argc, char **argv);

#endif
