// SPDX-License-Identifier: MIT
import { z } from 'zod';

/** What an axis shows. Sizes in bytes are labelled 4 KiB, 1 MiB and so on, and belong on a scale of base 2. */
const axis = z.object({ title: z.string(), scale: z.enum(['linear', 'log', 'bytes']) }).readonly();

const point = z
  .object({
    series: z.string(),
    x: z.number(),
    y: z.number(),
    /** spread of y, drawn as a band; both or neither */
    low: z.number().exactOptional(),
    high: z.number().exactOptional(),
  })
  .readonly();

/** A plot as it stands among a run's events: the numbers, not the drawing. */
export const plotSchema = z
  .object({
    title: z.string(),
    /** conditions it was measured under, a line each */
    subtitle: z.array(z.string()).readonly(),
    x: axis,
    y: axis,
    /** the series in the order of the legend */
    series: z.array(z.string()).readonly(),
    points: z.array(point).readonly(),
    /** for a curve of very many points: no marks on it */
    smooth: z.boolean().exactOptional(),
  })
  .readonly();

export type Axis = z.infer<typeof axis>;
export type Point = z.infer<typeof point>;
export type LinePlot = z.infer<typeof plotSchema>;
