// SPDX-License-Identifier: MIT
/** The part of bitbake's language that this layer's recipes use. Anything else is an error with its line. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Recipe {
  /**
   * the last value assigned to each variable, with what was appended; overrides and flags stay in the name:
   * FILES:${PN}, do_x[y]
   */
  readonly variables: ReadonlyMap<string, string>;
  readonly inherits: readonly string[];
  readonly functions: ReadonlyMap<string, string>;
}

/** The blanks must be there, because newer series of bitbake warn where one is missing. */
const assignment = /^([A-Za-z_][\w:${}-]*(?:\[[\w.-]+\])?) (:=|\+=|\.=|\?\?=|\?=|=) "(.*)"$/s;
/**
 * Variables that may be set with ?= or ??=. For a variable that a class sets, such a value is lost, and nobody is told.
 */
const suggested = /^(RPMSG_SDB_SOURCE|RPMSG_SDB_GIT|EXTERNALSRC_BUILD|PREFERRED_VERSION_rpmsg-sdb-mod)$/;
/** Variables that a class sets itself. What is set above `inherit` is lost. */
const setByClass = new Map([['module', ['FILES:${PN}', 'ALLOW_EMPTY:${PN}', 'KERNEL_MODULES_META_PACKAGE']]]);
const functionStart = /^(python|do_\w+(?::append|:prepend)?) ?\(\) \{$/;

/** Reads a recipe, and the files that it requires. */
export async function readRecipe(path: string): Promise<Recipe> {
  let text = await readFile(path, 'utf8');
  for (const [line, name = ''] of text.matchAll(/^require (\S+)$/gm)) {
    const required = await readFile(join(dirname(path), name), 'utf8');
    text = text.replace(line, () => required);
  }
  return parseRecipe(text);
}

export function parseRecipe(text: string): Recipe {
  const variables = new Map<string, string>();
  const functions = new Map<string, string>();
  const inherits: string[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    let line = lines[at] ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const [, name] = functionStart.exec(line) ?? [];
    if (name !== undefined) {
      const end = lines.indexOf('}', at);
      if (end < 0) throw new SyntaxError(`line ${first + 1}: ${name} has no end`);
      functions.set(name, lines.slice(at + 1, end).join('\n'));
      at = end;
      continue;
    }
    while (line.endsWith('\\')) line = `${line.slice(0, -1)}\n${lines[++at] ?? ''}`;
    const inherit = /^inherit ([\w -]+)$/.exec(line)?.[1];
    if (inherit !== undefined) {
      const classes = inherit.split(' ');
      inherits.push(...classes);
      for (const lost of classes.flatMap((name) => setByClass.get(name) ?? [])) variables.delete(lost);
      continue;
    }
    const [, variable = '', operator = '', value] = assignment.exec(line) ?? [];
    // A quote inside would end the value in bitbake, too.
    const isMisplaced = operator.startsWith('?') && !suggested.test(variable);
    if (value === undefined || isMisplaced || /(?<!\\)"/.test(value))
      throw new SyntaxError(`line ${first + 1}: ${line}`);
    const before = variables.get(variable);
    variables.set(variable, before === undefined || !/[+.]/.test(operator) ? value : `${before} ${value}`);
  }
  return { variables, inherits, functions };
}

/**
 * The paths of the checkout's files that a recipe takes. `odd` has what is not written as the other entries of that
 * list are.
 */
export function sourcePaths(recipe: Recipe): { readonly paths: string[]; readonly odd: string[] } {
  const paths: string[] = [];
  const odd: string[] = [];
  for (const entry of (recipe.variables.get('RPMSG_SDB_FROM_layer') ?? '').split(/\s+/).filter(Boolean)) {
    const path = /^file:\/\/([\w./-]+);subdir=\$\{BP\}$/.exec(entry)?.[1];
    if (path === undefined) odd.push(entry);
    else paths.push(path);
  }
  return { paths, odd };
}
