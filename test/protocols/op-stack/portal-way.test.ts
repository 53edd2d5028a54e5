import { concat, toBeHex } from "ethers";
import { expect, test } from "vitest";
import { perChain } from "../../../stress/engine/base/index.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { PortalWay } from "../../../stress/protocols/op-stack/ways/portal-way.ts";
import { FakeChain } from "../../fakes/chain.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { child, contracts, factsOf, Logs } from "./made-up.ts";

const opaque = concat([toBeHex(5n, 32), toBeHex(5n, 32), toBeHex(21_000n, 8), "0x00"]);
const args = [child, child, 0, opaque];
const whole = receiptOf({
  logs: new Logs().add("d", contracts.portal, ABI.OptimismPortal, "TransactionDeposited", args).logs,
});

test("a deposit whose block was told without events is known on L2 once its receipt was read again", () => {
  const way = new PortalWay({ nodes: perChain(() => new Node(new FakeChain())), contracts });
  const told = { ...factsOf(new Logs()), receipts: [{ ...whole, logs: [] }] };
  expect(way.arrivals(1, told)).toEqual([]);
  const message = way.sent(1, whole);
  const hash = message?.id as string as TxHash;
  expect(way.awaited.has(hash)).toBe(true);
  const arrived = way.arrivals(2, { ...factsOf(new Logs()), receipts: [receiptOf({ hash })] });
  expect(arrived).toMatchObject([{ id: hash, payouts: [{ to: child, amount: 5n }] }]);
});
