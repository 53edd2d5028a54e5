// Keeps what goes to this machine away from proxies that the environment names: they would look for the local stack on
// their own. Imported first by every command; processes that are started afterwards inherit it.
const LOOPBACK = ["localhost", "127.0.0.1", "::1", "[::1]"];

for (const [name, value] of Object.entries(withLoopback(process.env))) process.env[name] = value;

/**
 * NO_PROXY in both spellings with the loopback addresses in it; nothing where there is no proxy. Node's fetch reads the
 * small one first, Hardhat's native engine the large one.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Record<string, string>}
 */
export function withLoopback(env) {
  if (!Object.keys(env).some((name) => /^(https?|all)_proxy$/i.test(name))) return {};
  const told = [env["no_proxy"], env["NO_PROXY"]].flatMap((list) => list?.split(/[\s,]+/) ?? []);
  if (told.includes("*")) return {};
  const list = [...new Set([...told.filter((host) => host !== ""), ...LOOPBACK])].join(",");
  return { NO_PROXY: list, no_proxy: list };
}
