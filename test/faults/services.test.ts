import { test } from "vitest";
import { CASES } from "./cases.ts";
import { show } from "./show.ts";

test.each(CASES.services)("$name", show);
