import type { Network } from "../engine/rpc/index.ts";
import { HttpCarrier } from "./http-carrier.ts";
import { systemClock } from "./system-clock.ts";
import { WebSocketCarrier } from "./web-socket-carrier.ts";

/** The machine's own network and time: what the engine runs on outside of tests. */
export const network: Network = {
  clock: systemClock,
  carrier: (endpoint, timeout) =>
    /^wss?:$/.test(endpoint.protocol)
      ? new WebSocketCarrier(endpoint, timeout)
      : new HttpCarrier(endpoint, timeout),
};
