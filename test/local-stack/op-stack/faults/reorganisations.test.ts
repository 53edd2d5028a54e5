import { Contract, parseEther, toQuantity, Wallet } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Injected } from "../../../../fixtures/local-stack/faults/injected.ts";
import { until } from "../../faults/until.ts";
import { account, Depositor, derived } from "../depositor.ts";
import { claims, outputRoot } from "../games.ts";
import { type OpBed, openOpBed } from "../op-bed.ts";

let bed: OpBed;

beforeAll(async () => {
  bed = await openOpBed();
});

afterAll(() => bed.close());

/** Accounts that deposit. */
const DEPOSITORS = [1, 2, 3, 4] as const;

const MESSENGER = "0x4200000000000000000000000000000000000007";

/** Milliseconds for which the busiest of machines takes a reorganisation. */
const PATIENCE = 45_000;

const injected = async (): Promise<Injected[]> =>
  (await (await fetch(`${bed.spawned.description.addresses}/faults`)).json()) as Injected[];

/** Runs a plan until it has done as much, with `work` again and again meanwhile. */
async function underFaults(
  faults: readonly object[],
  done: number,
  work: () => Promise<void>,
): Promise<Injected[]> {
  const url = `${bed.spawned.description.addresses}/faults`;
  const started = await fetch(url, { method: "POST", body: JSON.stringify({ faults }) });
  expect(await started.text()).toBe("[]");
  try {
    await until(
      "end of the plan",
      async () => {
        await work();
        return (await injected()).length < done ? undefined : true;
      },
      PATIENCE,
    );
  } finally {
    await fetch(url, { method: "DELETE" });
  }
  return injected();
}

/** A deposit, and the hashes on L2 that its receipts on L1 promised one after the other. */
interface Sent {
  readonly hash: string;
  readonly by: number;
  readonly promised: Set<string>;
}

/** Deposits a wei by each account, and takes down what is promised. */
async function depositEach(to: string, sent: Sent[]): Promise<void> {
  const own = await Promise.all(
    DEPOSITORS.map(async (by) => {
      const { hash } = await new Depositor(bed, account(by)).send({ to, value: 1n });
      return { hash, by, promised: new Set<string>() };
    }),
  );
  sent.push(...own);
  await note(sent);
}

/** Looks at the receipts on L1 as they are now. */
async function note(sent: readonly Sent[]): Promise<void> {
  for (const { hash, by, promised } of sent) {
    const receipt = await bed.providers[1].getTransactionReceipt(hash);
    if (receipt === null) continue;
    for (const one of await new Depositor(bed, account(by)).hashesOf(receipt)) promised.add(one);
  }
}

/** Every deposit is on L2 once: under the hash that L1 has now, and under none that it had before. */
async function expectDerivedOnce(to: string, sent: readonly Sent[]): Promise<void> {
  for (const { hash, by, promised } of sent) {
    const receipt = await until(
      "receipt on L1",
      async () => (await bed.providers[1].getTransactionReceipt(hash)) ?? undefined,
    );
    const [now = ""] = await new Depositor(bed, account(by)).hashesOf(receipt);
    expect(await derived(bed.providers[2], now)).toMatchObject({ status: "0x1", type: "0x7e" });
    promised.add(now);
    const known = await Promise.all([...promised].map((one) => bed.providers[2].getTransactionReceipt(one)));
    expect(known.filter((one) => one !== null).map((one) => one.hash)).toEqual([now]);
  }
  expect(await bed.providers[2].getBalance(to)).toBe(BigInt(sent.length));
}

test("of L1 below a deposit change its hash, and L2 derives it as it is then", async () => {
  const to = Wallet.createRandom().address;
  const sent: Sent[] = [];
  const plan = [{ fault: "reorganisation", chain: 1, depth: 10, keep: 100 }];
  const records = await underFaults(plan, 1, () => depositEach(to, sent));
  expect(records).toMatchObject([{ fault: "reorganisation", chain: 1, depth: 10, forgotten: 0 }]);
  await expectDerivedOnce(to, sent);
  expect(sent.filter(({ promised }) => promised.size > 1).length).toBeGreaterThan(0);
});

test("of L2 have deposits derived again, with their hashes, and gas has its price", async () => {
  const to = Wallet.createRandom().address;
  const sent: Sent[] = [];
  const blocks = new Map<string, Set<string>>();
  const plan = [{ fault: "reorganisation", chain: 2, depth: 40, keep: 0 }];
  await underFaults(plan, 1, async () => {
    await depositEach(to, sent);
    for (const hash of sent.flatMap(({ promised }) => [...promised])) {
      const receipt = await bed.providers[2].getTransactionReceipt(hash);
      if (receipt !== null) blocks.set(hash, (blocks.get(hash) ?? new Set()).add(receipt.blockHash));
    }
  });
  await expectDerivedOnce(to, sent);
  for (const [hash, seen] of blocks) seen.add((await derived(bed.providers[2], hash))["blockHash"] ?? "");
  expect([...blocks.values()].filter((seen) => seen.size > 1).length).toBeGreaterThan(0);
  const head = await bed.providers[2].getBlock("latest");
  expect(head?.baseFeePerGas).toBeGreaterThan(10n ** 6n);
});

test("of L2 take back nothing that L1 was told of: what is proved against a game stays", async () => {
  const messenger = new Contract(
    MESSENGER,
    ["function sendMessage(address target, bytes message, uint32 minGasLimit) payable"],
    account(6).connect(bed.providers[2]),
  );
  const before = (await claims(bed)).length;
  const plan = [
    { fault: "reorganisation", chain: 2, depth: 3 },
    { fault: "reorganisation", chain: 2, depth: 10 },
    { fault: "reorganisation", chain: 1, depth: 3 },
  ];
  await underFaults(plan, 3, async () => {
    const { address } = account(6);
    await messenger.getFunction("sendMessage").send(address, "0x", 100_000, { value: parseEther("0.01") });
  });
  await until("games of the time after", async () =>
    (await claims(bed)).length > before + 2 ? true : undefined,
  );
  for (const { l2Block, root } of await claims(bed)) {
    expect(await outputRoot(bed.providers[2], l2Block), toQuantity(l2Block)).toBe(root);
  }
});
