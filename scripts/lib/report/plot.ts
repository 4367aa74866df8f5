// SPDX-License-Identifier: MIT
import { z } from 'zod';
import type { LinePlot } from '../plot/line-plot.ts';

const axisSchema = z.object({ title: z.string(), scale: z.enum(['linear', 'log', 'bytes']) });

/** A plot as it stands among a run's events: the numbers, not the drawing. */
export const plotSchema: z.ZodType<LinePlot> = z.object({
  title: z.string(),
  subtitle: z.array(z.string()),
  x: axisSchema,
  y: axisSchema,
  series: z.array(z.string()),
  points: z.array(
    z.object({
      series: z.string(),
      x: z.number(),
      y: z.number(),
      low: z.number().exactOptional(),
      high: z.number().exactOptional(),
    }),
  ),
  smooth: z.boolean().exactOptional(),
});
