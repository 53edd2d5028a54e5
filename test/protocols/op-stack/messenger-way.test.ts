import { toQuantity } from "ethers";
import { beforeEach, describe, expect, test } from "vitest";
import { perChain } from "../../../stress/engine/base/chain.ts";
import { Node } from "../../../stress/engine/rpc/index.ts";
import { ABI } from "../../../stress/protocols/op-stack/contracts.ts";
import { depositsOf } from "../../../stress/protocols/op-stack/deposits.ts";
import { messageId } from "../../../stress/protocols/op-stack/messages.ts";
import { SLOW } from "../../../stress/protocols/op-stack/operation.ts";
import { MessengerWay } from "../../../stress/protocols/op-stack/ways/messenger-way.ts";
import { FakeChain, hashOf } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { child, contracts, factsOf, Logs, messageOf, withdrawalOf } from "./made-up.ts";

const { messenger, bridge } = contracts;
const BLOCK_HASH = `0x${"ab".repeat(32)}`;

let way: MessengerWay;
let warnings: string[];

beforeEach(() => {
  way = new MessengerWay({ nodes: perChain(() => new Node(new FakeChain())), contracts });
  warnings = [];
});

const arrivals = (chain: 1 | 2, logs: Logs) =>
  way.arrivals(chain, factsOf(logs), (line) => void warnings.push(line));

const deposit = messageOf(5n);
const id = messageId(deposit);

describe("a deposit through the messenger", () => {
  const sent = (own: Logs) => way.sent(1, { logs: own.logs, blockHash: BLOCK_HASH });

  test("is known by the call that relays it, and its place is that of its event on L1", () => {
    const logs = new Logs().transfer("a").deposited("a", deposit).sent("a", messenger[1], deposit);
    const [own] = depositsOf({ logs: logs.logs, blockHash: BLOCK_HASH }, contracts);
    expect(sent(logs)).toEqual({ id, place: own?.place });
    expect(own?.place).toBe(7_000_001n);
  });

  test("has no message where its receipt has none", () => {
    expect(sent(new Logs().transfer("a"))).toBeUndefined();
  });

  test("is paid with the relay of its message", () => {
    const logs = new Logs().transfer("r").paid("r", bridge[2], child, 5n).relayed("r", messenger[2], id);
    expect(arrivals(2, logs)).toEqual([
      {
        id,
        queue: "deposits through the messenger",
        hash: hashOf("r"),
        block: 7,
        logIndex: 2,
        payouts: [
          {
            way: SLOW,
            asset: "balance",
            to: child,
            amount: 5n,
            fee: 0n,
            hash: hashOf("r"),
            block: 7,
            logIndex: 1,
          },
        ],
        answer: undefined,
        isRepeatable: false,
      },
    ]);
  });

  test("whose target reverts may be carried out once more: the messenger keeps its money", () => {
    arrivals(1, new Logs().deposited("a", deposit).sent("a", messenger[1], deposit));
    expect(arrivals(2, new Logs().relayed("r", messenger[2], id, false))).toMatchObject([
      { id, payouts: [], isRepeatable: true },
    ]);
    expect(warnings.join()).toContain(`message ${id} failed when relayed by ${hashOf("r")}`);
    expect(way.failed.all()).toEqual([{ id, chain: 2, message: deposit }]);
    arrivals(2, new Logs().paid("s", bridge[2], child, 5n).relayed("s", messenger[2], id));
    expect(way.failed.all()).toEqual([]);
  });

  test("is told from others that are relayed by the same transaction", () => {
    const other = messageOf(9n, 2n);
    const logs = new Logs()
      .paid("r", bridge[2], child, 5n)
      .relayed("r", messenger[2], id)
      .paid("r", bridge[2], addressOf(77), 9n)
      .relayed("r", messenger[2], messageId(other));
    expect(arrivals(2, logs).map(({ id: of, payouts }) => [of, payouts.map(({ amount }) => amount)])).toEqual(
      [
        [id, [5n]],
        [messageId(other), [9n]],
      ],
    );
  });

  test("is not paid by what others emit", () => {
    const logs = new Logs().paid("r", addressOf(666), child, 5n).relayed("r", messenger[2], id);
    expect(arrivals(2, logs)).toMatchObject([{ id, payouts: [] }]);
    expect(arrivals(2, new Logs().relayed("r", addressOf(666), id))).toEqual([]);
  });
});

describe("a withdrawal through the messenger", () => {
  const withdrawal = withdrawalOf(deposit);
  const initiation = () => new Logs().passed("w", withdrawal).sent("w", messenger[2], deposit);

  test("is known by its message, which its data are", () => {
    const sent = way.sent(2, { logs: initiation().logs, blockHash: BLOCK_HASH });
    expect(sent).toEqual({ id, place: 1n });
    expect(withdrawal.message).toBe(id);
  });

  test("is paid by its payout's event; that the portal finalised it with success proves nothing", () => {
    arrivals(2, initiation());
    const logs = new Logs()
      .transfer("f")
      .paid("f", bridge[1], child, 5n)
      .relayed("f", messenger[1], id)
      .finalised("f", withdrawal.hash, true);
    expect(arrivals(1, logs)).toMatchObject([{ id, queue: undefined, payouts: [{ amount: 5n }] }]);
    expect(arrivals(1, new Logs().finalised("f", withdrawal.hash, true))).toEqual([]);
  });

  test("whose target reverts is finalised with success, and may be carried out once more", () => {
    arrivals(2, initiation());
    const logs = new Logs().relayed("f", messenger[1], id, false).finalised("f", withdrawal.hash, true);
    expect(arrivals(1, logs)).toMatchObject([{ id, payouts: [], isRepeatable: true }]);
    expect(way.failed.all()).toMatchObject([{ id, chain: 1 }]);
  });

  test("may be carried out once more where the block that it was sent in was told without events, and its receipt was not", () => {
    way.sent(2, { logs: initiation().logs, blockHash: BLOCK_HASH });
    arrivals(1, new Logs().relayed("f", messenger[1], id, false).finalised("f", withdrawal.hash, true));
    expect(way.failed.all()).toMatchObject([{ id, chain: 1 }]);
  });

  test("that is finalised without success is lost", () => {
    arrivals(2, initiation());
    const [lost, ...more] = arrivals(1, new Logs().finalised("f", withdrawal.hash, false));
    expect(lost).toMatchObject({ id, hash: hashOf("f"), payouts: [] });
    expect([lost?.isRepeatable, more]).toEqual([undefined, []]);
  });

  test("of somebody else, whose message nobody saw, is none of ours", () => {
    expect(arrivals(1, new Logs().finalised("f", withdrawal.hash, false))).toEqual([]);
  });
});

test("that a message failed where it arrived is asked of the messenger: its block may be told without events", async () => {
  const chain = new FakeChain();
  const failed = new Logs().relayed("f", messenger[2], id, false);
  const abi = ABI.CrossDomainMessenger;
  chain.answer("eth_call", (call) => {
    const asked = abi.parseTransaction(call as { data: string });
    return abi.encodeFunctionResult(asked?.name ?? "", [asked?.name === "failedMessages"]);
  });
  chain.answer("eth_getLogs", () =>
    failed.logs.map((log) => ({
      ...log,
      blockNumber: toQuantity(log.blockNumber),
      logIndex: toQuantity(log.logIndex),
    })),
  );
  const asking = new MessengerWay({ nodes: perChain(() => new Node(chain)), contracts });
  expect(await asking.arrivalOf(2, id)).toBeUndefined();
  expect(await asking.failureOf(2, id)).toBe(hashOf("f"));
});
