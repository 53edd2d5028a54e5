/**
 * Does something with each of many, so many of them at once: the next one begins as soon as any is done. Waits for all that began, even
 * where one fails, and begins none after that.
 *
 * @param goesOn whether more are to be begun; until the last, where nothing is said
 * @throws what the first that failed threw
 */
export async function atOnce<T>(
  most: number,
  all: readonly T[],
  act: (one: T) => Promise<unknown>,
  goesOn: () => boolean = () => true,
): Promise<void> {
  const left = all.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (failures.length === 0 && goesOn()) {
      const next = left.next();
      if (next.done === true) return;
      try {
        await act(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
