import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { z } from "zod";

const value = z.union([
  z.object({ stringValue: z.string() }).transform((one) => one.stringValue),
  z.object({ intValue: z.union([z.string(), z.number()]) }).transform((one) => Number(one.intValue)),
  z.object({ doubleValue: z.number() }).transform((one) => one.doubleValue),
  z.object({ boolValue: z.boolean() }).transform((one) => one.boolValue),
]);

const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform(
    (all): Readonly<Record<string, string | number | boolean>> =>
      Object.fromEntries(all.map((one) => [one.key, one.value])),
  );

/** Nanoseconds since 1970, as text, in milliseconds. */
const time = z.string().transform((ns) => Number(BigInt(ns) / 1000n) / 1000);

const span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  events: z.array(z.object({ name: z.string(), timeUnixNano: time, attributes })).default([]),
  status: z.object({ code: z.int().default(0), message: z.string().optional() }).default({ code: 0 }),
});

export type CollectedSpan = z.output<typeof span>;

/** OTLP's request as its specification of JSON has it. */
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
});

/** A collector of traces on a free port. */
export interface Collector {
  /** Without the path of traces. */
  readonly url: string;
  readonly spans: CollectedSpan[];
  readonly services: Set<unknown>;
}

/**
 * Starts a collector; it closes when the running test ends.
 *
 * @param answer what it answers to what it took
 */
export async function openCollector(
  answer: (response: ServerResponse) => void = (response) => response.end("{}"),
): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const services = new Set<unknown>();
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      if (request.url !== "/v1/traces" || request.method !== "POST") response.writeHead(404).end();
      else {
        for (const { resource, scopeSpans } of exported.parse(body).resourceSpans) {
          services.add(resource.attributes["service.name"]);
          spans.push(...scopeSpans.flatMap((one) => one.spans));
        }
        answer(response);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, services };
}

/** The spans of each trace: its root first, the others as they began. */
export function tracesOf(spans: readonly CollectedSpan[]): readonly (readonly CollectedSpan[])[] {
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  return [...byTrace.values()].map((all) =>
    all.toSorted(
      (a, b) =>
        Number(a.parentSpanId !== undefined) - Number(b.parentSpanId !== undefined) ||
        a.startTimeUnixNano - b.startTimeUnixNano ||
        a.endTimeUnixNano - b.endTimeUnixNano,
    ),
  );
}
