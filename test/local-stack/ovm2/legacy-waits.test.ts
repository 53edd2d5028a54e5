// What clients of the legacy rollup ask while they wait for a message, in their order: Watcher of @eth-optimism/core-utils 0.7.5,
// CrossChainMessenger of @bobanetwork/sdk 1.0.7. Their packages would bring sixty others along.
import { Contract, concat, Interface, keccak256, parseEther, toQuantity } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { openTestBed, type TestBed } from "../../run/running.ts";
import { until } from "../faults/until.ts";
import { account } from "./bridge.ts";

let bed: TestBed;
let core: Record<string, string>;

beforeAll(async () => {
  bed = await openTestBed();
  core = (await (await fetch(`${bed.spawned.description.addresses}/addresses.json`)).json()) as typeof core;
});

afterAll(() => bed.close());

type Fields = Record<string, unknown>;

const hash = expect.stringMatching(/^0x[0-9a-f]{64}$/);
const quantity = expect.stringMatching(/^0x(0|[1-9a-f][0-9a-f]*)$/);

/** What ethers 5 cannot do without in a receipt. */
const RECEIPT = {
  to: expect.any(String),
  from: expect.any(String),
  contractAddress: null,
  transactionIndex: quantity,
  gasUsed: quantity,
  cumulativeGasUsed: quantity,
  logsBloom: expect.stringMatching(/^0x[0-9a-f]{512}$/),
  blockHash: hash,
  blockNumber: quantity,
  transactionHash: hash,
  status: "0x1",
};

const messenger = new Interface([
  "event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)",
  "event RelayedMessage(bytes32 indexed msgHash)",
  "event FailedRelayedMessage(bytes32 indexed msgHash)",
  "function relayMessage(address,address,bytes,uint256)",
]);

const ask = (chain: 1 | 2, method: string, ...params: unknown[]): Promise<Fields> =>
  bed.providers[chain].send(method, params) as Promise<Fields>;

interface Log {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
  readonly transactionHash: string;
}

/** The message that a transaction sent: its hash is computed from the event, as both clients do. */
function messageOf(receipt: Fields): string {
  const sent = (receipt["logs"] as Log[]).flatMap((log) => messenger.parseLog(log) ?? []);
  const [event] = sent.filter(({ name }) => name === "SentMessage");
  const sentMessage = event?.args.slice(0, 4) ?? [];
  return keccak256(messenger.encodeFunctionData("relayMessage", sentMessage));
}

/** Looks for the message's relay as Watcher does: the last blocks, by the relay's topic and the message's hash. */
async function relayed(chain: 1 | 2, address: string, id: string): Promise<Fields> {
  const event = (name: string) => messenger.getEvent(name)?.topicHash;
  const transaction = await until(`relay of ${id}`, async () => {
    const head = Number(await ask(chain, "eth_blockNumber"));
    const fromBlock = toQuantity(Math.max(0, head - 1000));
    const filter = (name: string) => ({ fromBlock, toBlock: "latest", address, topics: [event(name), id] });
    const logs = (await ask(chain, "eth_getLogs", filter("RelayedMessage"))) as unknown as Log[];
    expect(await ask(chain, "eth_getLogs", filter("FailedRelayedMessage"))).toEqual([]);
    return logs[0]?.transactionHash;
  });
  return ask(chain, "eth_getTransactionReceipt", transaction);
}

test("a deposit is found on L2 by its message", async () => {
  const abi = ["function depositETH(uint32, bytes) payable"];
  const bridge = new Contract(
    core["Proxy__L1StandardBridge"] ?? "",
    abi,
    account(11).connect(bed.providers[1]),
  );
  const before = await bed.providers[2].getBalance(account(11).address);
  const sent = await bridge.getFunction("depositETH").send(200_000, "0x", { value: parseEther("1") });
  await sent.wait();
  const deposited = await ask(1, "eth_getTransactionReceipt", sent.hash);
  expect(deposited).toMatchObject(RECEIPT);
  const receipt = await relayed(2, PREDEPLOYS.messenger, messageOf(deposited));
  expect(receipt).toMatchObject({ ...RECEIPT, l1Fee: quantity });
  const transaction = await ask(2, "eth_getTransactionByHash", receipt["transactionHash"]);
  expect(transaction).toMatchObject({ queueOrigin: "l1", l1BlockNumber: deposited["blockNumber"] });
  expect(await bed.providers[2].getBalance(account(11).address)).toBe(before + parseEther("1"));
});

test("a withdrawal is found in the state batch of its block's number less one, and then on L1", async () => {
  const abi = ["function withdraw(address, uint256, uint32, bytes)"];
  const bridge = new Contract(PREDEPLOYS.standardBridge, abi, account(12).connect(bed.providers[2]));
  const sent = await bridge.getFunction("withdraw").send(PREDEPLOYS.eth, parseEther("0.5"), 0, "0x");
  await sent.wait();
  const withdrawn = await ask(2, "eth_getTransactionReceipt", sent.hash);
  expect(withdrawn).toMatchObject({ ...RECEIPT, l1Fee: quantity });
  const number = Number(withdrawn["blockNumber"]);
  const { stateRoot } = await ask(2, "eth_getBlockByNumber", toQuantity(number), false);
  expect(await stateRootOf(number - 1)).toBe(stateRoot);
  const id = messageOf(withdrawn);
  // The message passer's slot, which the proof is of.
  const slot = keccak256(concat([keccak256(concat([id, PREDEPLOYS.messenger])), `0x${"00".repeat(32)}`]));
  expect(await ask(2, "eth_getProof", PREDEPLOYS.messagePasser, [slot], toQuantity(number))).toHaveProperty(
    "storageProof",
  );
  expect(await relayed(1, core["Proxy__L1CrossDomainMessenger"] ?? "", id)).toMatchObject(RECEIPT);
});

/** Of an element of the SCC, from the call that appended its batch. */
async function stateRootOf(element: number): Promise<string | undefined> {
  const scc = new Contract(
    core["StateCommitmentChain"] ?? "",
    [
      "event StateBatchAppended(uint256 indexed _batchIndex, bytes32, uint256 _batchSize, uint256 _prevTotalElements, bytes)",
      "function appendStateBatch(bytes32[] roots, uint256)",
      "function getTotalBatches() view returns (uint256)",
    ],
    bed.providers[1],
  );
  return until(`state root of element ${element}`, async () => {
    const total = BigInt(String(await scc.getFunction("getTotalBatches").staticCall()));
    for (let batch = total - 1n; batch >= 0n; batch--) {
      const topics = scc.interface.encodeFilterTopics("StateBatchAppended", [batch]);
      const filter = { address: core["StateCommitmentChain"], fromBlock: "0x0", toBlock: "latest", topics };
      const [log] = (await ask(1, "eth_getLogs", filter)) as unknown as Log[];
      const appended = log === undefined ? null : scc.interface.parseLog(log);
      const first = Number(appended?.args["_prevTotalElements"]);
      if (first > element) continue;
      if (element >= first + Number(appended?.args["_batchSize"])) return undefined;
      const { input } = await ask(1, "eth_getTransactionByHash", log?.transactionHash);
      const roots = scc.interface.decodeFunctionData("appendStateBatch", String(input))["roots"] as string[];
      return roots[element - first];
    }
    return undefined;
  });
}
