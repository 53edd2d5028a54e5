import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

export const ROOT = join(import.meta.dirname, "..", "..");

const OXLINT = join(ROOT, "node_modules", "oxlint", "bin", "oxlint");

/** What the linter says of one place in a file. */
export interface Problem {
  readonly file: string;
  /** The rule, as the linter prints it: `import(no-cycle)`. */
  readonly rule: string;
  /** What is wrong and what to do. */
  readonly says: string;
}

const output = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string(),
      filename: z.string(),
      message: z.string(),
      help: z.string().optional(),
    }),
  ),
});

const ARCHITECTURE = /^(architecture|import\(no-cycle|eslint\(no-restricted)/;

/** What the rules of the architecture say of a folder that has the linter's configuration. */
export async function lint(folder: string): Promise<readonly Problem[]> {
  const child = spawn(process.execPath, [OXLINT, "-f", "json"], { cwd: folder });
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (!printed.startsWith("{")) throw new Error(`the linter did not run: ${printed}${errors}`);
  return output
    .parse(JSON.parse(printed))
    .diagnostics.filter(({ code }) => ARCHITECTURE.test(code))
    .map(({ code, filename, message, help = "" }) => ({
      file: filename,
      rule: code,
      says: `${message} ${help}`,
    }));
}

/** What the linter, with the project's rules, says of these files by path; in a folder of their own, removed at once. */
export async function lintFiles(files: Readonly<Record<string, string>>): Promise<readonly Problem[]> {
  // The plugin knows its folder by its real path, which a system's temporary folder need not be.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rollup-lint-")));
  try {
    for (const name of [".oxlintrc.json", "tools/lint"])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return await lint(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
