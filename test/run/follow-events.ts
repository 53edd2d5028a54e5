import type { Handlers, Source } from "../../stress/engine/base/index.ts";
import type { EngineEvent } from "../../stress/engine/events.ts";
import type { Protocol } from "../../stress/protocols/protocol.ts";

/** What a test does when something happens in a run, behind all others who are told of it. */
export type Followers = readonly Handlers<EngineEvent>[];

/** A protocol whose runs tell what happens in them: its bridge is handed the run's stream for its figures. */
export function followed(protocol: Protocol, followers: Followers): Protocol {
  return {
    ...protocol,
    open: async (setup) => {
      const bridge = await protocol.open(setup);
      const figures = bridge.figures.bind(bridge);
      return Object.assign(bridge, {
        figures: (options: Parameters<typeof figures>[0]) => {
          // Bridges are promised no more than a chain's events of it: it is the one stream.
          const stream = options.stream as Source<EngineEvent>;
          for (const handlers of followers) stream.subscribe("report", handlers);
          return figures(options);
        },
      });
    },
  };
}
