#!/usr/bin/env node
// `vitest` as this project runs it: on Node 24 and with all packages, whatever the system's Node is. What it does with its
// arguments is in run-vitest.mjs, which needs both.
import { fileURLToPath } from "node:url";
import { ensureInstalled, hasPackages } from "./installation.mjs";
import { isNodeNewEnough, runOnOwnNode } from "./own-node.mjs";

// npx starts this in a clone where nothing was installed.
if (!hasPackages()) ensureInstalled();
if (isNodeNewEnough()) await import("./run-vitest.mjs");
else runOnOwnNode(fileURLToPath(import.meta.url), process.argv.slice(2));
