// SPDX-License-Identifier: MIT
import { LocatedYaml, type Mistake } from './located.ts';
import { inventorySchema, type InventoryFile } from './schema.ts';

export interface ParsedInventory {
  readonly yaml: LocatedYaml;
  /** empty where there are mistakes */
  readonly file: InventoryFile;
  readonly mistakes: readonly Mistake[];
}

/** The text of an inventory, held against its schema. The file's name is for the places of mistakes. */
export function parseInventory(name: string, text: string): ParsedInventory {
  const yaml = new LocatedYaml(name, text);
  if (yaml.syntaxErrors.length > 0) return { yaml, file: {}, mistakes: yaml.syntaxErrors };
  const parsed = inventorySchema.safeParse(yaml.value);
  if (parsed.success) return { yaml, file: parsed.data, mistakes: [] };
  return { yaml, file: {}, mistakes: yaml.mistakesOf(parsed.error) };
}
