// What an npx that failed once leaves in npm's cache. Runs under any Node from 20 on: plain JavaScript, no packages.
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "./own-node.mjs";

/** npx entries of this very folder that a failed installation left half done, and npx then fails on for ever. */
function brokenEntries() {
  const cache = join(process.env["npm_config_cache"] ?? join(homedir(), ".npm"), "_npx");
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((entry) => {
      const link = join(entry, "node_modules", "rollup-stress");
      return (
        !existsSync(join(entry, "package.json")) &&
        existsSync(link) &&
        realpathSync(link) === realpathSync(root)
      );
    });
}

/** Names what is to be deleted: npx itself tells no more than that a file is missing. */
export function tellOfBrokenEntries() {
  for (const entry of brokenEntries())
    console.error(
      `rollup-stress: npx has half of an entry for this folder, and npx vitest fails on it. Delete it: rm -r ${entry}`,
    );
}
