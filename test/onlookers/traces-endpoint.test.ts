import { expect, test } from "vitest";
import { tracesEndpoint } from "../../fixtures/onlookers/traces-endpoint.ts";

const ALL = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

test.each([
  [{}, undefined],
  [{ [ALL]: "", [TRACES]: " " }, undefined],
  [{ [ALL]: "http://127.0.0.1:4318" }, "http://127.0.0.1:4318/v1/traces"],
  [{ [ALL]: "https://otel.example/in/" }, "https://otel.example/in/v1/traces"],
  [{ [ALL]: "https://otel.example/in?key=1" }, "https://otel.example/in/v1/traces?key=1"],
  [{ [TRACES]: "http://127.0.0.1:4318/traces" }, "http://127.0.0.1:4318/traces"],
  [{ [ALL]: "http://one.example", [TRACES]: "http://two.example/t" }, "http://two.example/t"],
  [{ [ALL]: "http://127.0.0.1:4318", OTEL_SDK_DISABLED: "TRUE" }, undefined],
  [{ [ALL]: "http://127.0.0.1:4318", OTEL_TRACES_EXPORTER: "none" }, undefined],
])("with %j traces go to %s", (env, url) => {
  expect(tracesEndpoint(env)).toBe(url);
});

test.each(["127.0.0.1:4318", "collector", "ftp://me:secret@collector", "grpc://collector:4317"])(
  "%s is refused, and not told: it may have a secret in it",
  (text) => {
    for (const name of [ALL, TRACES]) {
      const read = (): unknown => tracesEndpoint({ [name]: text });
      expect(read).toThrow(`${name} is no URL that begins with http:// or https://`);
      expect(read).not.toThrow(text);
    }
  },
);
