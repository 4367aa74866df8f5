// SPDX-License-Identifier: MIT
/** Set to 1 where test processes are to repeat their scenarios many times, which takes hours. */
export const soakVariable = 'RPMSG_SDB_SOAK';

/** By how much `--soak` multiplies the time that a test may take. What finds a hang, the limit of a single question, stays. */
export const soakPatience = 60;

export const isSoak = (): boolean => process.env[soakVariable] === '1';

/** A number that random scenarios begin with, to see a failure again. */
export const seedVariable = 'RPMSG_SDB_SEED';
