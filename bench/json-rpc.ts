/** Asks a chain several things in one request. @throws {Error} what it says of the first that failed */
export async function askAll(
  url: string,
  calls: readonly (readonly [method: string, params: readonly unknown[]])[],
): Promise<readonly unknown[]> {
  const body = JSON.stringify(calls.map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params })));
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const answers = (await response.json()) as readonly {
    readonly id: number;
    readonly result?: unknown;
    readonly error?: { readonly message: string };
  }[];
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(failed.error?.message);
  return answers.toSorted((one, other) => one.id - other.id).map(({ result }) => result);
}

/** Asks one thing. */
export const ask = async (url: string, method: string, ...params: readonly unknown[]): Promise<unknown> =>
  (await askAll(url, [[method, params]]))[0];
