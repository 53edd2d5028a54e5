// Loaded in front of a worker, as `--import plant.ts?bug=<name>`: what it loads after this has the bug in it.
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { BUGS, infected } from "./bugs.ts";

const name = new URL(import.meta.url).searchParams.get("bug") ?? "";
const files = infected(BUGS[name] ?? []);

registerHooks({
  load: (url, context, nextLoad) => {
    const source = url.startsWith("file:") ? files.get(fileURLToPath(url)) : undefined;
    return source === undefined
      ? nextLoad(url, context)
      : { format: "module-typescript", source, shortCircuit: true };
  },
});
