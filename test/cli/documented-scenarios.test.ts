import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../docs/pages.ts";
import { folderInProject, snippetFiles, writeSnippet } from "../docs/snippet-files.ts";
import { openTestBed } from "../run/running.ts";
import { run, VITEST } from "./command.ts";
import { ownTarget } from "./own-target.ts";

/** The stress specs' own project, with the specs of a folder. */
const configOf = (
  folder: string,
): string => `import base from ${JSON.stringify(join(ROOT, "vitest.config.ts"))};
const [stress] = base.test.projects;
const include = [${JSON.stringify(`${relative(ROOT, folder)}/*.md-*.ts`)}];
export default { root: ${JSON.stringify(ROOT)}, test: { ...base.test, projects: [{ test: { ...stress.test, include } }] } };
`;

test("the scenarios that pages show hold as they are", async () => {
  const scenarios = snippetFiles().filter(({ path }) => path?.endsWith(".spec.ts"));
  expect(scenarios.length).toBeGreaterThan(4);
  const folder = folderInProject();
  const bed = await openTestBed();
  try {
    for (const one of scenarios) writeSnippet(folder, one);
    const config = join(folder, "vitest.config.ts");
    writeFileSync(config, configOf(folder));
    const env = ownTarget(bed, "documented", { limits: { maxFundEth: 5000 } });
    const load = ["--children", "20", "--duration", "5s", "--reporter", "tree"];
    const { code, printed } = await run(
      VITEST,
      ["run", "--config", config, "--target", "documented", ...load],
      env,
    );
    expect(code, printed).toBe(0);
    const marks = readFileSync(join(env.ROLLUP_STRESS_LOGS, "op.log"), "utf8").match(/^# Clean exit at /gm);
    expect(marks).toHaveLength(scenarios.length);
  } finally {
    rmSync(folder, { recursive: true });
    await bed.close();
  }
});
