import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

/** Where a Chromium may be; CHROMIUM names another one. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's Chromium; undefined where it has none. */
export const CHROMIUM = [process.env["CHROMIUM"] ?? "", ...PLACES].find(
  (path) => path !== "" && existsSync(path),
);

/** Why tests that need one are skipped. */
export const NO_CHROMIUM = `no Chromium at ${PLACES.join(", ")}: install one, or name it in CHROMIUM`;

/** Starts it without a window. */
export function openChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(NO_CHROMIUM);
  // Containers run as root, which its sandbox does not take.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}
