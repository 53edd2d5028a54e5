import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestBed } from "../run/running.ts";

/** The private key of a test account that pays for the runs of command-line tests. */
export const FUNDER_KEY = "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";
export const FUNDER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc";

/** Folders for targets and logs, as commands are told of them. */
export interface OwnFolders extends Record<string, string> {
  readonly ROLLUP_STRESS_TARGETS: string;
  readonly ROLLUP_STRESS_LOGS: string;
}

/** New folders with one target in them, on the test bed's chains. */
export function ownTarget(bed: TestBed, name: string, changes: Record<string, unknown> = {}): OwnFolders {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const { l1, l2, addresses } = bed.spawned.description;
  const target = {
    name,
    l1: { endpoint: l1 },
    l2: { endpoint: l2 },
    funder: { key: FUNDER_KEY },
    addressServer: addresses,
    ...changes,
  };
  writeFileSync(join(targets, `${name}.json`), JSON.stringify(target));
  return {
    ROLLUP_STRESS_TARGETS: targets,
    ROLLUP_STRESS_LOGS: mkdtempSync(join(tmpdir(), "rollup-logs-")),
  };
}
