import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { type MetricsServer, startMetricsServer } from "../../tools/metrics-server.ts";
import { scrape, sumOf } from "../fakes/prometheus.ts";

async function serving(at = "127.0.0.1:0"): Promise<MetricsServer> {
  const server = await startMetricsServer(at);
  onTestFinished(() => server.close());
  return server;
}

/** A worker's end of the channel. */
async function worker({ address }: MetricsServer): Promise<Socket> {
  const socket = connect(address).on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await new Promise((connected) => socket.once("connect", connected));
  return socket;
}

const counted = (value: number) => [
  {
    name: "things_total",
    help: "Things.",
    type: "counter",
    aggregator: "sum",
    values: [{ value, labels: { scenario: "one" } }],
  },
  {
    name: "height",
    help: "The last.",
    type: "gauge",
    aggregator: "first",
    values: [{ value, labels: { scenario: "one" } }],
  },
];

const say = (socket: Socket, message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);

/** Answers each question with these. */
function answering(socket: Socket, metrics: () => object): void {
  createInterface({ input: socket })
    .on("error", () => undefined)
    .on("line", (line) => {
      const { scrape } = JSON.parse(line) as { scrape: number };
      say(socket, { scraped: scrape, metrics: metrics() });
    });
}

test("metrics are served by one port from worker to worker: counts add up, the newest word counts", async () => {
  const server = await serving();
  expect((await scrape(server.url)).series).toEqual([]);
  const first = await worker(server);
  let count = 3;
  answering(first, () => counted(count));
  expect(sumOf(await scrape(server.url), "things_total")).toBe(3);
  count = 5;
  expect(sumOf(await scrape(server.url), "things_total")).toBe(5);
  const second = await worker(server);
  answering(second, () => counted(100));
  say(first, { ended: counted(6) });
  first.end();
  await expect.poll(async () => sumOf(await scrape(server.url), "things_total")).toBe(106);
  expect(sumOf(await scrape(server.url), "height")).toBe(100);
});

test("of a worker that dies what it told last is kept", async () => {
  const server = await serving();
  const dying = await worker(server);
  answering(dying, () => counted(7));
  expect(sumOf(await scrape(server.url), "things_total")).toBe(7);
  dying.destroy();
  await expect
    .poll(async () => [
      sumOf(await scrape(server.url), "things_total"),
      sumOf(await scrape(server.url), "height"),
    ])
    .toEqual([7, 7]);
});

test("a worker that is busy is shown as it last told, and one that talks nonsense not at all", async () => {
  const server = await serving();
  const silent = await worker(server);
  createInterface({ input: silent }).once("line", (line) => {
    const { scrape } = JSON.parse(line) as { scrape: number };
    say(silent, { scraped: scrape, metrics: counted(4) });
  });
  const mad = await worker(server);
  createInterface({ input: mad }).on("line", () => {
    for (const line of ["nonsense", "{", "null", '{"scraped":"x"}', '{"scraped":0,"metrics":[{"name":1}]}'])
      mad.write(`${line}\n`);
    mad.end();
  });
  expect(sumOf(await scrape(server.url), "things_total")).toBe(4);
  expect(sumOf(await scrape(server.url), "things_total")).toBe(4);
});

test("any other path says where they are, and they are not written to", async () => {
  const { url } = await serving();
  const elsewhere = await fetch(new URL("/", url));
  expect([elsewhere.status, await elsewhere.text()]).toEqual([404, "The metrics are at /metrics.\n"]);
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}?name[]=x`)).status).toBe(200);
});

test("a port that is taken, and an address of another machine, are refused in words", async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(startMetricsServer(`127.0.0.1:${port}`)).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: `metrics cannot be served at 127.0.0.1:${port}: another program has the port`,
  });
  await expect(startMetricsServer("192.0.2.1:0")).rejects.toMatchObject({ code: "SETTING_INVALID" });
});

test.runIf(process.platform !== "win32")("an IPv6 address has its brackets in the URL", async () => {
  const { url } = await serving("[::1]:0");
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/metrics$/);
  expect((await fetch(url)).status).toBe(200);
});
