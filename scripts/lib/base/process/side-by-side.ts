// SPDX-License-Identifier: MIT

/**
 * Does work for all items, at most `width` of them at a time, and answers in their order. When one fails, those that
 * have begun still end, and none begins.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const todo = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [at, item] of todo) {
      if (failed) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return results;
}
