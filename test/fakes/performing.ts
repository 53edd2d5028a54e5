import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEther, toQuantity } from "ethers";
import { onTestFinished } from "vitest";
import { perChain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { Commitments } from "../../stress/protocols/ovm2/commitments.ts";
import { connect } from "../../stress/engine/run/connection.ts";
import { type Performed, Performer, type Task } from "../../stress/engine/run/performer.ts";
import { operationOf } from "../../stress/protocols/ovm2/operations.ts";
import { isCrossing, type Net } from "../../stress/protocols/operation.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { FakeChain, isPool } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { contracts } from "./contracts.ts";
import { ownFolder } from "./folder.ts";
import { netWith } from "./net.ts";
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
  const connection = await connect(options, contracts, funder, clock);
  const children = [0, 1].map(
    (number) => new Child(number, funder.deriveChild(1, number), 2, connection.ledger),
  );
  await connection.openAccounts(children.map(({ address }) => address));
  await settled();
  const path = join(ownFolder(), "op.log");
  const opLog = new OpLog(path);
  const commitments = new Commitments();
  const told: Performed[] = [];
  const performer = new Performer(connection, opLog, commitments, (performed) => told.push(performed));
  onTestFinished(async () => {
    await perChainAsync((chain) => connection.watchers[chain].close());
    opLog.close();
    resetTimers();
  });
  const [child] = children;
  if (child === undefined) throw new Error("wants a child");
  const net: Net = netWith({ children: children.map(({ address }) => address) });

  /** Begins an operation of the child. */
  const begin = (code: string, signal = new AbortController().signal): Promise<Performed> => {
    const operation = operationOf(code);
    const plan = operation.build(child, net, () => 0);
    const task: Task = { code, account: child.account, plan, signal };
    return performer.perform(child, isCrossing(operation) ? { ...task, crossing: operation } : task);
  };
  const lines = (): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);
  return { chains, clock, child, commitments, connection, performer, begin, lines, told };
}
