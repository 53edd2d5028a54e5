import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openControl } from "../../fixtures/worker/control.ts";
import { startControlServer } from "../../tools/control-server.ts";
import { ownFolder } from "../fakes/folder.ts";

const BROKEN = ["not JSON", "{", '{"run":7}', "null", ""];

test("a line that cannot be read ends neither the main process nor what it knows of a worker", async () => {
  const server = await startControlServer(() => undefined);
  const worker = connect(server.address);
  await new Promise((connected) => worker.once("connect", connected));
  for (const line of ['{"run":"wanted","number":0,"scenario":"payments"}', ...BROKEN])
    worker.write(`${line}\n`);
  worker.end();
  await expect.poll(() => server.orphans).toEqual(["payments"]);
  await server.close();
});

test("a main process that is gone does not end a worker that has something to tell", async () => {
  const path = join(ownFolder(), "control.sock");
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.write('{"level":0,"signal":"","begun":false}\n');
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  onTestFinished(() => void server.close());
  const control = await openControl(path);
  const closed = new Promise((gone) => sockets[0]?.once("close", gone));
  sockets[0]?.destroy();
  await closed;
  const stop = new AbortController();
  const begun = control.begin("payments", stop.signal);
  stop.abort();
  await expect(begun).rejects.toThrow();
  // What its socket says of it comes a turn later.
  await new Promise((turn) => setImmediate(turn));
  control.close();
});

test("nor a worker, which goes on to hear of a stop", async () => {
  const path = join(ownFolder(), "control.sock");
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    for (const line of [...BROKEN, '{"level":9,"signal":"SIGINT"}', '{"level":0,"signal":"","begun":false}'])
      socket.write(`${line}\n`);
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  onTestFinished(() => void server.close());
  const control = await openControl(path);
  onTestFinished(() => control.close());
  expect(control).toMatchObject({ stop: { level: 0 }, hasBegun: false });
  sockets[0]?.write('nonsense\n{"level":1,"signal":"SIGINT","begun":true}\n');
  await expect.poll(() => control.stop.level).toBe(1);
  expect(control.stop.reason).toEqual({ kind: "signal", signal: "SIGINT" });
  expect(control.hasBegun).toBe(true);
});
