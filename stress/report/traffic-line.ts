import type { TrafficSnapshot } from "../engine/rpc/index.ts";

const count = (number: number): string => number.toLocaleString("en-US");

/** One line on a chain's traffic, as a closing report has it. */
export function trafficLine(label: string, traffic: TrafficSnapshot): string {
  const { endpoints, requests, httpRequests, webSocketMessages, repeated, errors } = traffic;
  const messages = [
    ...(httpRequests > 0 || webSocketMessages === 0 ? [`${count(httpRequests)} HTTP requests`] : []),
    ...(webSocketMessages > 0 ? [`${count(webSocketMessages)} WebSocket messages`] : []),
  ];
  const kinds = Object.entries(errors).map(([kind, times]) => `${kind} ×${count(times)}`);
  return (
    `${label} ${endpoints.join(", ")}: ${count(requests)} requests in ${messages.join(" and ")}, ` +
    `${count(repeated)} repeated; errors: ${kinds.join(", ") || "none"}`
  );
}
