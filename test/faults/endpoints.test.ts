import { expect, test } from "vitest";
import type { Stack } from "../../fixtures/stack/stack.ts";
import { type PerChain, perChain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { FAULT_KINDS } from "../proxy/kinds.ts";
import { type FaultyProxy, openFaultyProxy } from "../proxy/faulty-proxy.ts";
import { openTestBed, runOn, testTarget } from "../run/running.ts";
import { allIsWell } from "./cases.ts";

const PATIENT = { ...testTarget().limits, slowAfter: 120_000, stuckAfter: 150_000, giveUpAfter: 160_000 };

test.each(["url", "wsUrl"] as const)(
  "50 children over endpoints (%s) that fail one time in ten, for a minute, lose nothing",
  async (over) => {
    const bed = await openTestBed({ l1BlockTime: 500, l2BlockTime: 200 });
    const proxies: PerChain<FaultyProxy> = await perChainAsync((chain) =>
      openFaultyProxy({ upstream: bed.stack.chains[chain].endpoints[0], seed: 5, percent: 10 }),
    );
    const stack: Stack = {
      ...bed.stack,
      chains: perChain((chain) => ({ ...bed.stack.chains[chain], endpoints: [proxies[chain][over]] })),
    };
    try {
      const duration = over === "url" ? 60_000 : 20_000;
      const done = await runOn({ ...bed, stack }, { children: 50, duration, limits: PATIENT });
      checkJournal(done.records);
      allIsWell(done);
      // Every hash is sent under one nonce only: what the audit and the books would not tell apart.
      const watched = done.records.flatMap((one) => (one.record === "watch" ? (one.hash ?? []) : []));
      expect(new Set(watched).size).toBe(watched.length);
      for (const chain of [1, 2] as const) {
        const { traffic } = done.result.chains[chain];
        expect(Object.keys(traffic.errors).length).toBeGreaterThan(2);
        expect(traffic.repeated).toBeGreaterThan(0);
      }
      const injected = Object.values(perChain((chain) => proxies[chain].counts));
      const kinds = FAULT_KINDS.filter((kind) => injected.some((counts) => (counts[kind] ?? 0) > 0));
      expect(kinds.length).toBeGreaterThan(8);
    } finally {
      for (const chain of [1, 2] as const) proxies[chain].close();
      await bed.close();
    }
  },
);
