import type { Environment } from "./load.ts";

/**
 * Puts values from the environment into every string of a parsed JSON value: `${NAME}`, and `__INFURA_KEY__` as the
 * predecessor's files have it. What is missing is added to `faults`, by name and place.
 */
export function substituteVariables(value: unknown, env: Environment, faults: string[], place = ""): unknown {
  if (typeof value === "string") {
    const fill = (name: string): string => {
      // What every object has (`toString`) is no variable.
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found !== undefined && found !== "") return found;
      const fault = `${place}: the environment variable ${name} is not set (export it, or put it into .env)`;
      if (!faults.includes(fault)) faults.push(fault);
      // Stands in so that the rest of the file is checked, too; the fault above makes the load fail anyway.
      return name;
    };
    return value
      .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => fill(name))
      .replaceAll("__INFURA_KEY__", () => fill("INFURA_KEY"));
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => substituteVariables(item, env, faults, `${place}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      substituteVariables(item, env, faults, place === "" ? name : `${place}.${name}`),
    ]),
  );
}
