/** One mistake in a file of its own, and what the linter must say of it. */
export interface Planted {
  readonly what: string;
  /** The folder that it is planted in. */
  readonly folder: string;
  readonly code: string;
  readonly rule: string;
  readonly says: RegExp;
}

/** Rooms to import from, by path. */
export const DOORS: Readonly<Record<string, string>> = {
  "stress/engine/rpc/index.ts": 'export { rpc } from "./rpc.ts";\nexport type { Rpc } from "./rpc.ts";\n',
  "stress/engine/rpc/rpc.ts": "export type Rpc = number;\nexport const rpc: Rpc = 1;\n",
  "stress/engine/run/index.ts": 'export { run } from "./run.ts";\nexport type { Run } from "./run.ts";\n',
  "stress/engine/run/run.ts": "export type Run = number;\nexport const run: Run = 1;\n",
  "stress/protocols/ovm2/index.ts": 'export type { Old } from "./old.ts";\n',
  "stress/protocols/ovm2/old.ts": "export type Old = number;\n",
  "fixtures/local-stack/ovm2/index.ts": 'export type { Old } from "../../../stress/protocols/ovm2/old.ts";\n',
};

const clock = /Take the clock that is passed in/;
const generator = /Take the seeded generator that is passed in/;
const sockets = /sockets are opened in stress\/platform only/;
const upward =
  /chain may not import run \(stress\/engine\/run\/index\.ts\).*move what both need down.*rooms\.mjs/;

const IMPORTS: readonly Omit<Planted, "rule">[] = [
  {
    what: "an upward import",
    folder: "stress/engine/chain",
    code: 'import { run } from "../run/index.ts";\nexport const x = run;',
    says: upward,
  },
  {
    what: "an upward import of a type",
    folder: "stress/engine/chain",
    code: 'import type { Run } from "../run/index.ts";\nexport type X = Run;',
    says: upward,
  },
  {
    what: "an upward import that is passed on",
    folder: "stress/engine/chain",
    code: 'export { type Run } from "../run/index.ts";',
    says: upward,
  },
  {
    what: "an import past a door",
    folder: "stress/engine/chain",
    code: 'import type { Rpc } from "../rpc/rpc.ts";\nexport type X = Rpc;',
    says: /rpc\/rpc\.ts is past the door of rpc: import it from the room's index\.ts, or export it there/,
  },
  {
    what: "an import of a room's own door",
    folder: "stress/engine/rpc",
    code: 'import type { Rpc } from "./index.ts";\nexport type X = Rpc;',
    says: /rpc\/index\.ts is this file's own door: import the file that declares it/,
  },
  {
    what: "an import of another protocol",
    folder: "stress/protocols/op-stack",
    code: 'import type { Old } from "../ovm2/index.ts";\nexport type X = Old;',
    says: /protocol op-stack may not import protocol ovm2 .*move what both need out of either/,
  },
  {
    what: "an import of another protocol's local stack",
    folder: "fixtures/local-stack/op-stack",
    code: 'import type { Old } from "../ovm2/index.ts";\nexport type X = Old;',
    says: /stack op-stack may not import stack ovm2/,
  },
  {
    what: "an import of a test",
    folder: "tools",
    code: 'import type { X } from "../test/x.ts";\nexport type Y = X;',
    says: /test\/x\.ts is in no room/,
  },
  {
    what: "a file in no room",
    folder: "stress/engine/chain/deep",
    code: "export const x = 1;",
    says: /chain\/deep\/planted-\d+\.ts is in no room: move it, or give it a row/,
  },
  {
    what: "an import that hides circles",
    folder: "stress/engine/run",
    code: 'export type X = import("./run.ts").Run;',
    says: /import stress\/engine\/run\/run\.ts at the file's top/,
  },
];

const PASSED_IN: readonly Planted[] = [
  {
    what: "a timer in the engine",
    folder: "stress/engine/chain",
    code: 'import { setTimeout } from "node:timers/promises";\nexport const x = setTimeout(1);',
    rule: "eslint(no-restricted-imports)",
    says: clock,
  },
  {
    what: "a global timer in the engine",
    folder: "stress/engine/chain",
    code: "export const x = setTimeout(() => undefined, 1);",
    rule: "eslint(no-restricted-globals)",
    says: clock,
  },
  {
    what: "a global timer by its object",
    folder: "stress/engine/chain",
    code: "export const x = globalThis.setTimeout(() => undefined, 1);",
    rule: "eslint(no-restricted-globals)",
    says: clock,
  },
  {
    what: "the present moment",
    folder: "stress/protocols/ovm2",
    code: "export const x = new Date().getTime();",
    rule: "architecture(clock)",
    says: /take it from the clock that is passed in/,
  },
  {
    what: "the present moment as a number",
    folder: "fixtures/recovery",
    code: "export const x = Date.now();",
    rule: "eslint(no-restricted-properties)",
    says: clock,
  },
  {
    what: "a signal of the system's clock",
    folder: "fixtures/purse",
    code: "export const x = AbortSignal.timeout(1);",
    rule: "eslint(no-restricted-properties)",
    says: clock,
  },
  {
    what: "Math.random",
    folder: "stress/engine/base",
    code: "export const x = Math.random();",
    rule: "eslint(no-restricted-properties)",
    says: generator,
  },
  {
    what: "random bytes of the system",
    folder: "stress/engine/base",
    code: 'import { randomInt } from "node:crypto";\nexport const x = randomInt(2);',
    rule: "eslint(no-restricted-imports)",
    says: generator,
  },
  {
    what: "a socket",
    folder: "stress/engine/rpc",
    code: 'import { connect } from "node:net";\nexport const x = connect;',
    rule: "eslint(no-restricted-imports)",
    says: sockets,
  },
  {
    what: "fetch",
    folder: "fixtures/run",
    code: 'export const x = fetch("http://localhost");',
    rule: "eslint(no-restricted-globals)",
    says: sockets,
  },
];

export const PLANTED: readonly Planted[] = [
  ...IMPORTS.map((planted) => ({ ...planted, rule: "architecture(imports)" })),
  ...PASSED_IN,
];
