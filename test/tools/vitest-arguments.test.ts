import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { withLoopback } from "../../tools/loopback.mjs";
import { OptionError } from "../../tools/option-values.mjs";
import { argumentsAtRoot, checkArguments, withReporters } from "../../tools/vitest-arguments.mjs";

describe("vitest's arguments, seen from the project's folder", () => {
  let root: string;
  let inside: string;
  let link: string;

  beforeAll(() => {
    root = join(realpathSync(mkdtempSync(join(tmpdir(), "rollup-root-"))), "project");
    inside = join(root, "stress", "engine");
    mkdirSync(inside, { recursive: true });
    link = join(root, "..", "link");
    symlinkSync(root, link);
  });

  test("are what they are where it is started there, by whatever name", () => {
    const args = ["run", "./stress/payments", "--reporter=json", "--outputFile=../x.json", "-t", ".", "--"];
    expect(argumentsAtRoot(args, root, root)).toEqual(args);
    expect(argumentsAtRoot(args, link, root)).toEqual(args);
  });

  test("keep their paths where it is started in a folder below", () => {
    const args = ["run", "../payments", "--config=./own.ts", "--dir", "..", "payments", "--", "./x"];
    const stress = join(root, "stress");
    const paths = [join(stress, "payments"), `--config=${join(inside, "own.ts")}`];
    const expected = ["run", ...paths, "--dir", stress, "payments", "--", "./x"];
    expect(argumentsAtRoot(args, inside, root)).toEqual(expected);
  });

  test.each([["--root", "project"], ["--root=./project"], ["-r", "link"], ["--root=link/stress/.."]])(
    "are without a root that is the project's: %j",
    (...option) => {
      expect(argumentsAtRoot(["run", ...option, "payments"], join(root, ".."), root)).toEqual([
        "run",
        "payments",
      ]);
    },
  );

  test("are none of this project's where the root is another", () => {
    expect(argumentsAtRoot(["run", "--root", "stress"], root, root)).toBeUndefined();
  });

  test("may not end in the middle of --root", () => {
    expect(() => argumentsAtRoot(["run", "--root"], root, root)).toThrow(OptionError);
  });
});

describe("vitest's arguments with reporters of this project's", () => {
  test("name those in the place of vitest's own, however they were named", () => {
    const args = ["run", "--reporter=junit", "--reporter", "junit", "--reporter=default", "junit"];
    const expected = ["run", "--reporter=/own.ts", "--reporter", "/own.ts", "--reporter=default", "junit"];
    expect(withReporters(args, { junit: "/own.ts" })).toEqual(expected);
  });

  test("are what they were behind two dashes, and where they name others", () => {
    const args = ["run", "--reporter=constructor", "--outputFile.junit=x.xml", "--", "--reporter=junit"];
    expect(withReporters(args, { junit: "/own.ts" })).toEqual(args);
  });
});

describe("vitest's arguments that it would meet with a stack", () => {
  const check = (args: readonly string[], installed: readonly string[] = []) => {
    checkArguments(args, { isInstalled: (name) => installed.includes(name), version: "5.1.1" });
  };

  test.each([["--ui"], ["--ui=true"], ["--reporter=html"], ["--reporter", "html"]])(
    "%j says what to install",
    (...args) => {
      expect(() => check(args)).toThrow(/npm install --no-save @vitest\/ui@5\.1\.1$/);
      expect(() => check(args, ["@vitest/ui"])).not.toThrow();
    },
  );

  test.each([["--ui=false"], ["--reporter=dot"], ["html"], ["--", "--ui"]])("%j is left to it", (...args) => {
    expect(() => check(args)).not.toThrow();
  });
});

describe("proxies of the environment", () => {
  test("are not asked for this machine, in both spellings", () => {
    const list = "corp.example,10.0.0.1,localhost,127.0.0.1,::1,[::1]";
    expect(withLoopback({ HTTP_PROXY: "http://proxy:1", no_proxy: "corp.example, 10.0.0.1" })).toEqual({
      NO_PROXY: list,
      no_proxy: list,
    });
  });

  test("are told of it once", () => {
    const once = withLoopback({ https_proxy: "http://proxy:1" });
    expect(withLoopback({ https_proxy: "http://proxy:1", ...once })).toEqual(once);
  });

  test("leave the environment as it is where there are none, or for nobody", () => {
    expect(withLoopback({ NO_PROXY: "a" })).toEqual({});
    expect(withLoopback({ ALL_PROXY: "http://proxy:1", NO_PROXY: "*" })).toEqual({});
  });
});
