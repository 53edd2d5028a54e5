// `node tools/with-install.mjs <script> [arguments]`: installs what is missing, then runs the script on Node 24.
import { join } from "node:path";
import { ensureInstalled } from "./installation.mjs";
import { tellOfBrokenEntries } from "./npx-entries.mjs";
import { root, runOnOwnNode } from "./own-node.mjs";

const [script, ...args] = process.argv.slice(2);
if (script === undefined) throw new Error("usage: node tools/with-install.mjs <script> [arguments]");
tellOfBrokenEntries();
ensureInstalled();
runOnOwnNode(join(root, script), args, { withParent: true });
