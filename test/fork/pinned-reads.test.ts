import { toQuantity } from "ethers";
import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPinnedReads } from "../../fixtures/local-stack/fork/pinned-reads.ts";
import { type AnswerHttp, openNode, rightText, type WireCall } from "../fakes/json-rpc-server.ts";

const PIN = "0x64";
const ACCOUNT = "0x00000000000000000000000000000000000000aa";

let ids = 0;
const call = (method: string, ...params: readonly unknown[]): WireCall => ({ id: ++ids, method, params });
const balance = (block = PIN): WireCall => call("eth_getBalance", ACCOUNT, block);

const newFile = (): string => join(mkdtempSync(join(tmpdir(), "rollup-cache-")), "forks", "reads.jsonl");

/** A fork's reads of block 100 at a node that takes down what it is asked. */
async function openReads(path = newFile(), answering?: AnswerHttp, credentials = "") {
  const asked: string[] = [];
  const node = await openNode({
    http: (calls, response, request) => {
      asked.push(...calls.map(({ method }) => method));
      if (answering === undefined)
        response.setHeader("content-type", "application/json").end(rightText(calls));
      else answering(calls, response, request);
    },
  });
  const url = node.url.replace("http://", `http://${credentials}`);
  const reads = await openPinnedReads({ url, block: Number(PIN) }, path);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await reads.close();
    isOpen = false;
  };
  onTestFinished(close);
  const post = (body: unknown) => fetch(reads.url, { method: "POST", body: JSON.stringify(body) });
  const ask = async (body: unknown): Promise<unknown> => (await post(body)).json();
  return { asked, ask, post, close };
}

test("the state of the pinned block is asked for once", async () => {
  const { asked, ask } = await openReads();
  const calls = [balance(), call("eth_getCode", ACCOUNT, PIN), call("eth_getStorageAt", ACCOUNT, "0x1", PIN)];
  for (const one of [...calls, ...calls])
    expect(await ask(one)).toEqual({ jsonrpc: "2.0", id: one.id, result: ACCOUNT });
  expect(asked).toEqual(["eth_getBalance", "eth_getCode", "eth_getStorageAt"]);
});

test("a batch is asked for what is not known of it, and answered whole", async () => {
  const { asked, ask } = await openReads();
  await ask(balance());
  const batch = [call("eth_getCode", ACCOUNT, PIN), balance(), call("eth_chainId")];
  const answers = (await ask(batch)) as { id: number }[];
  expect(answers.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
  expect(asked).toEqual(["eth_getBalance", "eth_getCode", "eth_chainId"]);
});

test("what is of another block, or no state, is asked for each time", async () => {
  const { asked, ask } = await openReads();
  for (const one of [balance("0x65"), balance("latest"), call("eth_getBlockByNumber", PIN, false)])
    for (let times = 0; times < 2; times++) await ask(one);
  expect(asked).toHaveLength(6);
});

test("the pinned block is old enough for Hardhat to keep it, whatever the chain has since", async () => {
  const { asked, ask } = await openReads();
  expect(await ask(call("eth_blockNumber"))).toMatchObject({ result: toQuantity(Number(PIN) + 1000) });
  expect(asked).toEqual([]);
});

test("what was read is there for the next fork of the block, but for a line that was cut off", async () => {
  const path = newFile();
  const first = await openReads(path);
  await first.ask(balance());
  await first.close();
  appendFileSync(path, '["half');
  const second = await openReads(path);
  expect(await second.ask(balance())).toMatchObject({ result: ACCOUNT });
  expect(second.asked).toEqual([]);
});

test("errors are told, and not kept", async () => {
  const { asked, ask } = await openReads(undefined, ([one], response) =>
    response.end(
      JSON.stringify({ jsonrpc: "2.0", id: one?.id, error: { code: -32_000, message: "pruned" } }),
    ),
  );
  for (let times = 0; times < 2; times++)
    expect(await ask(balance())).toMatchObject({ error: { message: "pruned" } });
  expect(asked).toHaveLength(2);
});

test("an endpoint that limits requests is told as it says it", async () => {
  const { post } = await openReads(undefined, (_, response) =>
    response.writeHead(429, { "retry-after": "7" }).end("Too Many Requests"),
  );
  const answer = await post(balance());
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(await answer.text()).toBe("Too Many Requests");
});

test("a batch that is refused as a whole is told as it is said", async () => {
  const refusal = { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "batch too large" } };
  const { ask } = await openReads(undefined, (_, response) => response.end(JSON.stringify(refusal)));
  expect(await ask([balance(), call("eth_chainId")])).toEqual(refusal);
});

test("credentials of the URL are sent as a header", async () => {
  const headers: unknown[] = [];
  const { ask } = await openReads(
    undefined,
    (calls, response, request) => {
      headers.push(request.headers.authorization);
      response.end(rightText(calls));
    },
    "user:pass%20word@",
  );
  await ask(balance());
  expect(headers).toEqual([`Basic ${Buffer.from("user:pass word").toString("base64")}`]);
});

test("a file that cannot be written keeps no fork from being read", async () => {
  const { asked, ask } = await openReads(join(import.meta.filename, "no-folder.jsonl"));
  for (let times = 0; times < 2; times++) expect(await ask(balance())).toMatchObject({ result: ACCOUNT });
  expect(asked).toHaveLength(1);
});
