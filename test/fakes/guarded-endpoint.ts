import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What an endpoint's URL keeps secret. */
export interface UrlSecrets {
  readonly user: string;
  readonly password: string;
  readonly project: string;
  readonly token: string;
}

/** An endpoint in front of another, to be had only by who knows its URL's secrets. */
export interface GuardedEndpoint {
  readonly url: string;
  /** While true, every request is answered with status 500. */
  isBroken: boolean;
  close(): Promise<void>;
}

/** Starts one. Whoever lacks a secret is answered with status 401, as providers of nodes do. */
export async function guardedEndpoint(behind: string, secrets: UrlSecrets): Promise<GuardedEndpoint> {
  const { user, password, project, token } = secrets;
  const server = createServer((request, response) => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const isAllowed =
      request.headers.authorization === authorization &&
      pathname.startsWith(`/v3/${project}`) &&
      searchParams.get("token") === token;
    let body = "";
    request.on("data", (data) => (body += String(data)));
    request.on("end", () => {
      if (!isAllowed || endpoint.isBroken) return void response.writeHead(isAllowed ? 500 : 401).end("{}");
      fetch(behind, { method: "POST", headers: { "content-type": "application/json" }, body })
        .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const endpoint = {
    url: `http://${user}:${password}@127.0.0.1:${port}/v3/${project}?token=${token}`,
    isBroken: false,
    close: (): Promise<void> => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return endpoint;
}
