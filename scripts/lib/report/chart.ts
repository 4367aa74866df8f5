// SPDX-License-Identifier: MIT
import { z } from 'zod';

const axisSchema = z.object({
  label: z.string(),
  /** "bytes" and "time" (milliseconds since 1970) are written as a person reads them; anything else follows the number */
  unit: z.string(),
  scale: z.enum(['linear', 'log2', 'log10']).default('linear'),
});

/** Measured numbers as they are to be drawn: throughput against buffer size, how latency is distributed, history. */
export const chartSchema = z.object({
  title: z.string(),
  /** one sentence: what was measured, how, and which way is better */
  note: z.string().optional(),
  x: axisSchema,
  y: axisSchema,
  series: z.array(
    z.object({
      name: z.string(),
      /** [x, y], x ascending */
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
});

export type Chart = z.infer<typeof chartSchema>;
