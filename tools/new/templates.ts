/** A file that is to be written, from the project's folder. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** A name such as `token-swap` as code has it: `tokenSwap`. */
export const inCode = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A name such as `token-swap` as people read it. */
const inWords = (name: string): string => name.replaceAll("-", " ");

/** A scenario, which passes as it is. */
export const scenario = (name: string): NewFile => ({
  path: `stress/${name}.spec.ts`,
  text: `/**
 * ${name}: what it shows, and what its figures say.
 *
 *   npx vitest run stress/${name} --target local --children 20 --duration 1m
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("${name}", async ({ run }) => {
  const result = await run({ children: 10, duration: "20s" });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
`,
});

/** A variable of the environment, as target files name it. */
const variable = (name: string): string => ["$", "{", name, "}"].join("");

/** A target of two endpoints and a funder, all of them out of the environment. */
export const target = (name: string, protocol: string): NewFile => ({
  path: `targets/${name}.json`,
  text: `${JSON.stringify(
    {
      $schema: "./schema.json",
      name,
      protocol,
      l1: { endpoint: variable("L1_ENDPOINT"), confirmations: 1 },
      l2: { endpoint: variable("L2_ENDPOINT"), confirmations: 0 },
      funder: { key: variable("FUNDER_KEY") },
      ...(protocol === "op-stack" ? {} : { addressServer: variable("ADDRESS_SERVER") }),
      limits: { maxFundEth: 5 },
      funding: { perChildEth: 0.1 },
    },
    null,
    2,
  )}\n`,
});

/** What an operation is defined with, and tested on, by protocol. */
const PARTS = {
  ovm2: { define: "defineOvmOperation", bed: "openTestBed", target: "testTarget" },
  "op-stack": { define: "defineOpStackOperation", bed: "openOpStack", target: "opStackTarget" },
} as const;

/** Protocols that operations can be added to. */
export const PROTOCOL_NAMES = Object.keys(PARTS) as readonly (keyof typeof PARTS)[];

/** An operation that pays the funder a wei, and its test. Nobody does it before a target or a spec gives it a share. */
export function operation(code: string, name: string, protocol: keyof typeof PARTS): readonly NewFile[] {
  const { define, bed, target: testTarget } = PARTS[protocol];
  const id = inCode(name);
  return [
    {
      path: `stress/protocols/${protocol}/operations/${name}.ts`,
      text: `import { TRANSFER_GAS, transfer } from "../../../engine/transactions/index.ts";
import { ${define} } from "../operation.ts";

/** What it does, to whom, and what comes of it. For now it pays the funder a wei. */
export const ${id} = ${define}({
  code: "${code}",
  name: "${inWords(name)}",
  from: "either",
  share: 0,

  ready: (child, run) =>
    child.balance(child.on) > 1n + run.feeBound(child.on, TRANSFER_GAS) ? undefined : "balance below fees",

  async *steps(child, run) {
    yield { kind: "send", chain: child.on, plan: transfer(run.funder, 1n) };
  },
});
`,
    },
    {
      path: `test/protocols/${protocol}/${name}.test.ts`,
      text: `import { expect, test } from "vitest";
import "../../../fixtures/run/matchers.ts";
import { doneCodes, ${bed}, runOn, ${testTarget} } from "../../run/running.ts";

test("${code} is done by children that have a share for it, and every wei is accounted for", async () => {
  const bed = await ${bed}();
  try {
    const target = ${testTarget}();
    const shares = { 1: { ${code}: 100 }, 2: { ${code}: 100 } };
    const { result, records } = await runOn(bed, { target, children: 4, duration: 3000, shares });
    expect(doneCodes(records)).toContain("${code}");
    expect(result.failed).toEqual([]);
    expect(result).toConserveFunds();
    expect(result.clean).toBe(true);
  } finally {
    await bed.close();
  }
});
`,
    },
  ];
}

/** A protocol's registry with one operation more: rolled for before payments, which come last. */
export function registered(registry: string, name: string): string {
  const id = inCode(name);
  const line = `import { ${id} } from "./operations/${name}.ts";\n`;
  const [before = "", after = ""] = registry.split("\n/**", 2);
  const imports = [...before.matchAll(/^import \{ \w+ \} from "\.\/operations\/.*\n/gm)].map(([one]) => one);
  const sorted = [...imports, line].sort();
  const head = before.replace(imports.join(""), sorted.join(""));
  return `${head}\n/**${after.replace(/\n {2}payment,\n/, `\n  ${id},\n  payment,\n`)}`;
}
