// SPDX-License-Identifier: MIT
import { z } from 'zod';

/** What an axis shows. Sizes in bytes are labelled 4 KiB, 1 MiB and so on, and belong on a scale of base 2. */
export interface Axis {
  readonly title: string;
  readonly scale: 'linear' | 'log' | 'bytes';
}

export interface Point {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** spread of y, drawn as a band; both or neither */
  readonly low?: number;
  readonly high?: number;
}

export interface LinePlot {
  readonly title: string;
  /** conditions it was measured under, a line each */
  readonly subtitle: readonly string[];
  readonly x: Axis;
  readonly y: Axis;
  /** the series in the order of the legend */
  readonly series: readonly string[];
  readonly points: readonly Point[];
  /** for a curve of very many points: no marks on it */
  readonly smooth?: boolean;
}

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
