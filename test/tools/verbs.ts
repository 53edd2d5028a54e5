import { localStacks } from "../../fixtures/local-stack/index.ts";
import { localStackVerb } from "../../tools/local-stack-options.ts";
import { VERBS } from "../../tools/options.mjs";

/** All commands, by what their messages begin with. */
export const verbs = { ...VERBS, "local-stack": localStackVerb(localStacks.ovm2) };

export type VerbName = keyof typeof verbs;
