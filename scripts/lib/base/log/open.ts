// SPDX-License-Identifier: MIT
import { jsonRenderer } from './json.ts';
import { plainRenderer } from './plain.ts';
import type { Renderer } from './renderer.ts';
import { terminalRenderer } from './terminal.ts';

export interface RendererChoice {
  readonly json: boolean;
  readonly verbose: boolean;
  /**
   * 'work': the steps are what a person wants to see; all goes to stdout.
   * 'data': stdout belongs to the result alone (`board exec`, `board pull`), everything else goes to stderr.
   */
  readonly kind: 'work' | 'data';
}

export function openRenderer({ json, verbose, kind }: RendererChoice): Renderer {
  if (json) return jsonRenderer(process.stdout);
  const stream = kind === 'data' ? process.stderr : process.stdout;
  const options = { stream, results: process.stdout, verbose, terse: kind === 'data' };
  const isCi = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';
  return stream.isTTY && !isCi && process.env['TERM'] !== 'dumb' ? terminalRenderer(options) : plainRenderer(options);
}
