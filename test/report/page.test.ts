import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { renderPage } from "../../stress/report/page/render-page.ts";
import { CHROMIUM, NO_CHROMIUM, openChromium } from "../fakes/chromium.ts";
import { brokenResult } from "../fakes/result-file.ts";

const MANY = 100_000;
const SIZES = [
  [1280, 900],
  [390, 800],
] as const;
const SCHEMES = ["light", "dark"] as const;
const LOOKS = SIZES.flatMap(([width, height]) => SCHEMES.map((scheme) => [width, scheme, height] as const));

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "rollup-page-"));
const path = join(folder, "report.html");
const text = renderPage(brokenResult(MANY));
let browser: Browser | undefined;

beforeAll(async () => {
  writeFileSync(path, text);
  if (CHROMIUM !== undefined) browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The page in a window, and everything that it asked for or complained of. */
async function opened(
  width = 1280,
  scheme: (typeof SCHEMES)[number] = "light",
  height = 900,
): Promise<{ page: Page; asked: string[]; errors: string[] }> {
  if (browser === undefined) throw new Error(NO_CHROMIUM);
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const [asked, errors]: [string[], string[]] = [[], []];
  page.on("request", (request) => void asked.push(request.url()));
  page.on("pageerror", (error) => void errors.push(error.message));
  page.on("console", (message) => void errors.push(message.text()));
  await page.goto(`file://${path}`);
  return { page, asked, errors };
}

/** Seconds of a time such as 2:05 or 1:02:05. */
const secondsOf = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** Opens all that can be opened, and chooses a moment. */
const openAll = (page: Page): Promise<void> =>
  page.evaluate(`
    for (const one of document.querySelectorAll("details")) one.open = true;
    new Promise((resolve) => setTimeout(resolve, 50)).then(() => {
      document.querySelector("#time .chart-table button").click();
      for (const one of document.querySelectorAll("details")) one.open = true;
    });
  `);

test("a page of 100,000 operations is smaller than 2 MB", () => {
  expect(Buffer.byteLength(text)).toBeLessThan(2e6);
});

describe("the page of a run, in Chromium,", () => {
  beforeEach(({ skip }) => skip(CHROMIUM === undefined, NO_CHROMIUM));

  test("opens without a request, an error, or anything of what it shows being run", async () => {
    const { page, asked, errors } = await opened();
    await openAll(page);
    expect([asked, errors]).toEqual([[`file://${path}`], []]);
    expect(await page.title()).toMatch(/^The bridge did not hold: /);
    expect(await page.locator("img").count()).toBe(0);
    await page.close();
  });

  test("has the verdict and its reasons before anything else", async () => {
    const { page } = await opened();
    expect(await page.locator("h1").innerText()).toBe("The bridge did not hold");
    const [first] = await page.locator("body > :not(.skip)").all();
    expect(await first?.innerText()).toContain("1 crossing was paid more than once.");
    await page.close();
  });

  test.each(LOOKS)(
    "is %d px wide at most there, and axe finds nothing, in %s",
    async (width, scheme, height) => {
      const { page, errors } = await opened(width, scheme, height);
      const fits = (): Promise<boolean> =>
        page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
      expect(await fits()).toBe(true);
      await openAll(page);
      expect(await fits()).toBe(true);
      await page.evaluate(AXE);
      const found = (await page.evaluate("axe.run().then(({ violations }) => violations)")) as {
        id: string;
        nodes: { html: string; failureSummary: string }[];
      }[];
      expect(found.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  test("draws its charts, in each scheme in its own colours", async () => {
    const shots: Buffer[] = [];
    for (const scheme of SCHEMES) {
      const { page } = await opened(1280, scheme);
      const drawn = (await page.evaluate(`
        [...document.querySelectorAll("canvas")].map((one) =>
          one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value) => value > 0))
      `)) as boolean[];
      expect(drawn.length).toBeGreaterThan(6);
      expect(new Set(drawn)).toEqual(new Set([true]));
      shots.push(await page.locator("#time .plot").first().screenshot());
      await page.close();
    }
    expect(shots[0]?.equals(shots[1] ?? Buffer.alloc(0))).toBe(false);
  });

  test("leads from a moment of a chart to its operations and their records, by the keyboard alone", async () => {
    const { page } = await opened();
    const summary = page.locator("#time summary").first();
    await summary.focus();
    await page.keyboard.press("Enter");
    await page.locator("#time .chart-table button").nth(3).focus();
    await page.keyboard.press("Enter");
    const moment = page.locator("#moment");
    expect(await moment.isVisible()).toBe(true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await moment.locator("pre").first().innerText()).toMatch(/^OP_START,\d{3},\w\w,/);
    await page.close();
  });

  test("leads from a chart by a click, too", async () => {
    const { page } = await opened();
    await page
      .locator("#time .u-over")
      .first()
      .click({ position: { x: 200, y: 60 } });
    expect(await page.locator("#moment").isVisible()).toBe(true);
    await page.close();
  });

  test("leads from the charts of bridge, calls and driver to the operations of that time", async () => {
    const { page, errors } = await opened();
    const plots = page.locator("#wire .u-over");
    for (let at = 0; at < (await plots.count()); at++) {
      await plots.nth(at).click({ position: { x: 150, y: 40 } });
      const moment = page.locator("#wire-moment");
      expect(await moment.locator("pre").first().textContent()).toMatch(/^OP_START,\d{3},\w\w,/);
      await moment.evaluate((one) => one.replaceChildren());
    }
    expect(await plots.count()).toBeGreaterThan(4);
    // A moment is within the time that its heading tells.
    await page.locator("#wire summary").first().click();
    const row = page.locator("#wire .chart-table button").nth(5);
    const chosen = await row.innerText();
    await row.click();
    const heading = await page.locator("#wire-moment h3").first().innerText();
    const [from = 0, to = 0] = heading.split(" to ").map(secondsOf);
    expect(secondsOf(chosen)).toBeGreaterThanOrEqual(from);
    expect(secondsOf(chosen)).toBeLessThanOrEqual(to);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("leads from a bar of a kind to the slowest of it, with the keyboard there", async () => {
    const { page } = await opened();
    for (const bar of ["#breakdown h3 a", "#gas li a", "#operations th a"]) {
      const link = page.locator(bar).last();
      const code = await link.innerText();
      await link.click();
      expect(
        await page.locator("#slowest .ops:visible").evaluateAll((all) => all.map(({ id }) => id)),
      ).toEqual([`slowest-${code}`]);
      expect(await page.evaluate("document.activeElement.parentElement.id")).toBe(`slowest-${code}`);
      expect(await page.locator(`#slowest-${code} .op`).first().isVisible()).toBe(true);
    }
    await page.close();
  });

  test("links hashes to the explorer of the chain that names one, and to no other", async () => {
    const { page } = await opened();
    const links = await page
      .locator("main a[href^=http]")
      .evaluateAll((all) => all.map((one) => String(one)));
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(link).toMatch(/^https:\/\/scan\.example\/tx\/0x[0-9a-f]{64}$/);
    expect(await page.locator("code[title]").count()).toBeGreaterThan(links.length);
    await page.close();
  });

  test("shows one kind of the slowest alone, and another kind's percentiles", async () => {
    const { page } = await opened();
    await page.locator("#slowest-code").selectOption("SX");
    const shown = await page.locator("#slowest .ops:visible").evaluateAll((all) => all.length);
    expect(shown).toBe(1);
    await page.locator("#time select").selectOption("PY");
    expect(await page.locator("#time select").inputValue()).toBe("PY");
    expect(await page.locator("#time canvas").count()).toBe(2);
    await page.close();
  });

  test("is printed in black on white, without what can only be pressed", async () => {
    const { page } = await opened(1280, "dark");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });
});
