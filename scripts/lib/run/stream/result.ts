// SPDX-License-Identifier: MIT
import { z } from 'zod';

/** The last line of `agent stream`: what was received and what was wrong with it. */
export const streamResultSchema = z.object({
  ok: z.boolean(),
  buffers: z.number(),
  length: z.number(),
  /** fills asked for */
  count: z.number(),
  /** fills that Linux heard of */
  fills: z.number(),
  transfers: z.number(),
  bytes: z.number(),
  /** fills that came before the one before them was read */
  missed: z.number(),
  /** transfers that the coprocessor overwrote while they were being read */
  torn: z.number(),
  /** words that no fill can have left */
  corrupt: z.number(),
  wrongSizes: z.number(),
  /** fills of which Linux never heard */
  lost: z.number(),
  streamUs: z.number(),
  firmwareFills: z.number(),
  firmwareUs: z.number(),
  wrongBuffer: z.number().optional(),
  wrongOffset: z.number().optional(),
  wrongExpected: z.number().optional(),
  wrongFound: z.number().optional(),
});

export type StreamResult = z.infer<typeof streamResultSchema>;

/** Any line before the last: how far it is. */
export const streamProgressSchema = z.object({ fills: z.number(), bytes: z.number() });

/** When the agent could not stream at all. */
export const streamErrorSchema = z.object({
  ok: z.literal(false),
  errno: z.string().optional(),
  during: z.string().optional(),
  error: z.string().optional(),
});
