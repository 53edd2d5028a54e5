import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

/** Where a Chromium may be. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The one that CHROMIUM names, whether it is there or not: who names one wants no test to be skipped. */
const NAMED = process.env["CHROMIUM"] ?? "";

/** The machine's Chromium; undefined where it has none. */
export const CHROMIUM =
  NAMED === "" ? [...PLACES, chromium.executablePath()].find((path) => existsSync(path)) : NAMED;

/** Why tests that need one are skipped. */
export const NO_CHROMIUM = `no Chromium at ${PLACES.join(", ")}: npx playwright-core install chromium, or name one in CHROMIUM`;

/** Starts it without a window. */
export function openChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(NO_CHROMIUM);
  // Containers run as root, which its sandbox does not take.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}
