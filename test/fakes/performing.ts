import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEther, toQuantity } from "ethers";
import { onTestFinished } from "vitest";
import { perChain, perChainAsync } from "../../stress/engine/base/index.ts";
import type { Performed } from "../../stress/engine/events.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { startEngine } from "../../stress/engine/run/index.ts";
import { Performer } from "../../stress/engine/run/performer.ts";
import { keepJournal } from "../../stress/journal/journal.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import type { RunView } from "../../stress/protocols/operation.ts";
import type { OvmBridge } from "../../stress/protocols/ovm2/bridge.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { SETUP } from "./bridge.ts";
import { FakeChain, isPool } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { operationOf } from "./crossings.ts";
import { ownFolder } from "./folder.ts";
import { runWith } from "./net.ts";
import { account as funder } from "./submitting.ts";
import { resetTimers, settled } from "./timers.ts";

/** A performer between two fake chains, with one child that has 1 ETH on each, and its journal. */
export async function performing() {
  const clock = new FakeClock();
  const chains = perChain(() => new FakeChain());
  for (const chain of [chains[1], chains[2]]) {
    chain.answer("eth_getBalance", (account) =>
      toQuantity(isPool(account) ? chain.poolBalance : parseEther("1")),
    );
  }
  const options = perChain((chain) => ({
    rpc: chains[chain],
    chainId: BigInt(chain),
    confirmations: 0,
    gasMultiplier: 1,
    deadAfter: 60_000,
    log: () => undefined,
  }));
  const engine = await startEngine({ ...SETUP, chains: options, protocol: ovm2, funder, clock });
  const children = [0, 1].map((number) => new Child(number, funder.deriveChild(1, number), 2, engine.ledger));
  await engine.openAccounts(children.map(({ address }) => address));
  await settled();
  const path = join(ownFolder(), "op.log");
  const opLog = new OpLog(path);
  keepJournal(opLog, engine.stream);
  const told: Performed[] = [];
  engine.stream.subscribe("report", { "operation done": ({ performed }) => void told.push(performed) });
  const performer = new Performer(engine);
  onTestFinished(async () => {
    await perChainAsync((chain) => engine.watchers[chain].close());
    opLog.close();
    resetTimers();
  });
  const [child] = children;
  if (child === undefined) throw new Error("wants a child");
  const bridge = engine.bridge as OvmBridge;
  const view: RunView<OvmBridge> = {
    ...runWith({ children: children.map(({ address }) => address) }),
    bridge,
  };

  /** Begins an operation of the child. */
  const begin = (code: string, signal = new AbortController().signal): Promise<Performed> => {
    const { to, ...operation } = operationOf(code);
    const steps = operation.steps(child, view, () => 0);
    return performer.perform(child, { code, to, account: child.account, steps, signal });
  };
  const lines = (): string[] => {
    opLog.flush();
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  };
  return { chains, clock, child, bridge, view, engine, performer, begin, lines, told };
}
