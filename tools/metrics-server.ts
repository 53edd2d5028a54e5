import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { reasonOf, StressError } from "../stress/engine/base/index.ts";
import { METRICS_TYPE, metricsText } from "../stress/report/metrics/merged.ts";
import { partsOfAddress } from "./listen-address.mjs";
import { listenForMetrics } from "./metrics-workers.ts";

/** Where Prometheus looks, unless it is told otherwise. */
const PATH = "/metrics";

/** Serves what all workers' runs have to tell, from the first spec to the last one. */
export interface MetricsServer {
  /** Where Prometheus is to ask. */
  readonly url: string;
  /** Of the socket that workers connect to. */
  readonly address: string;
  close(): void;
}

/**
 * Serves Prometheus' text format. It is the main process that does, as each spec file has a worker of its own, and the port is to
 * be one and the same from one to the next.
 *
 * @param at host and port, such as `127.0.0.1:9464`; port 0 is any free one
 * @throws {StressError} PORT_IN_USE, or SETTING_INVALID where there is no such address here
 */
export async function startMetricsServer(at: string): Promise<MetricsServer> {
  const { host, port } = partsOfAddress(at);
  const workers = await listenForMetrics();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== PATH) answer(response, 404, "text/plain", `The metrics are at ${PATH}.\n`);
    else if (request.method !== "GET" && request.method !== "HEAD")
      answer(response.setHeader("Allow", "GET, HEAD"), 405, "text/plain", "They are read, and no more.\n");
    else void tell(response, workers.scrape());
  });
  try {
    await new Promise<void>((listening, failed) =>
      server.once("error", failed).listen({ host, port }, listening),
    );
  } catch (error) {
    workers.close();
    throw refusal(at, error as NodeJS.ErrnoException);
  }
  server.unref();
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}${PATH}`,
    address: workers.address,
    close: () => {
      server.closeAllConnections();
      server.close();
      workers.close();
    },
  };
}

async function tell(response: ServerResponse, scraped: Promise<readonly object[]>): Promise<void> {
  try {
    answer(response, 200, METRICS_TYPE, await metricsText(await scraped));
  } catch (error) {
    answer(response, 500, "text/plain", `${reasonOf(error)}\n`);
  }
}

const answer = (response: ServerResponse, status: number, type: string, body: string): void =>
  void response.writeHead(status, { "Content-Type": type }).end(body);

function refusal(at: string, error: NodeJS.ErrnoException): StressError {
  if (error.code === "EADDRINUSE")
    return new StressError(
      "PORT_IN_USE",
      `metrics cannot be served at ${at}: another program has the port`,
      "end it, or name another port: --metrics 9465, or 0 for any free one",
    );
  return new StressError(
    "SETTING_INVALID",
    `metrics cannot be served at ${at}: ${reasonOf(error)}`,
    "name a port that you may open, and an address of this machine: --metrics 127.0.0.1:9464",
  );
}
