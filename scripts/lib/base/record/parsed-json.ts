// SPDX-License-Identifier: MIT

/** What a line of JSON says; undefined for one that is no JSON, or only half written. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
