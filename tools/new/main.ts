// `npm run new -- scenario|operation|target …`: writes one that passes at once.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROTOCOLS } from "../../stress/protocols/index.ts";
import { VERBS } from "../options.mjs";
import * as options from "../read-options.mjs";
import { type NewFile, operation, PROTOCOL_NAMES, registered, scenario, target } from "./templates.ts";

const ROOT = process.env["ROLLUP_STRESS_NEW_ROOT"] ?? join(import.meta.dirname, "..", "..");

/** Codes of what a run itself does. */
const OWN_CODES = ["IF", "RF", "DN", "RP"];

function refuse(message: string): never {
  options.refuse(VERBS.new, message);
}

function checkName(name: string | undefined): string {
  if (name !== undefined && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return name;
  return refuse(`wants a name such as token-swap, not '${name ?? ""}'`);
}

function checkCode(code: string | undefined): string {
  const taken = [
    ...Object.values(PROTOCOLS).flatMap(({ operations }) => operations.map((one) => one.code)),
    ...OWN_CODES,
  ];
  if (code === undefined || !/^[A-Z]{2}$/.test(code)) refuse(`wants a code such as TS, not '${code ?? ""}'`);
  if (taken.includes(code)) refuse(`the code ${code} is taken: ${[...new Set(taken)].sort().join(" ")} are`);
  return code;
}

function checkProtocol(name: string): (typeof PROTOCOL_NAMES)[number] {
  const found = PROTOCOL_NAMES.find((one) => one === name);
  return found ?? refuse(`--protocol wants ${PROTOCOL_NAMES.join(" or ")}, not '${name}'`);
}

function write({ path, text }: NewFile): void {
  const place = join(ROOT, path);
  if (existsSync(place)) refuse(`${path} is there already`);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  console.log(path);
}

const given = options.ownOptions(VERBS.new);
const [kind = "", ...words] = options.wordsOf(VERBS.new, process.argv.slice(2));
switch (kind) {
  case "scenario": {
    const name = checkName(words[0]);
    write(scenario(name));
    console.log(`\nnpx vitest run stress/${name} --target local`);
    break;
  }
  case "target": {
    const name = checkName(words[0]);
    write(target(name, checkProtocol(given.protocol ?? "op-stack")));
    console.log("\nnpm run targets -- --check");
    break;
  }
  case "operation": {
    const [code, name, protocol] = [
      checkCode(words[0]),
      checkName(words[1]),
      checkProtocol(given.protocol ?? "ovm2"),
    ];
    for (const file of operation(code, name, protocol)) write(file);
    const registry = join(ROOT, "stress", "protocols", protocol, "operations.ts");
    writeFileSync(registry, registered(readFileSync(registry, "utf8"), name));
    console.log(`stress/protocols/${protocol}/operations.ts`);
    // Shares of target files, and what editors complete, follow from the registry.
    if (process.env["ROLLUP_STRESS_NEW_ROOT"] === undefined)
      execFileSync(process.execPath, [join(ROOT, "tools", "write-schema.ts")], { stdio: "inherit" });
    console.log(`\nnpm test -- test/protocols/${protocol}/${name}.test.ts`);
    break;
  }
  default:
    refuse(`wants scenario, operation or target, not '${kind}'`);
}
