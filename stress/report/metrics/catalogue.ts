/** A figure that Prometheus asks for. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

/** What the names of all of them begin with. */
export const PREFIX = "rollup_stress_";

/** Labels that every series has besides its own. */
export const RUN_LABELS = ["target", "scenario"] as const;

/** Upper bounds of the bins of a phase's times: from a payment on L2 to a withdrawal's seven days. Seconds. */
export const PHASE_BUCKETS = [
  0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400, 604_800,
];

const counter = <const L extends readonly string[]>(help: string, ...labels: L) =>
  ({ type: "counter", help, labels }) as const;
const gauge = <const L extends readonly string[]>(help: string, ...labels: L) =>
  ({ type: "gauge", help, labels }) as const;
const histogram = <const L extends readonly string[]>(help: string, ...labels: L) =>
  ({ type: "histogram", help, labels }) as const;

/** All that a run tells Prometheus, by name behind the prefix: base units, and `_total` where it only grows. */
export const METRICS = {
  run_info: gauge("What runs: always 1.", "protocol", "seed"),
  run_open: gauge("1 from a run's first check to its last refund, 0 afterwards."),
  run_stop_level: gauge("0 running, 1 clean shutdown, 2 does not wait, 3 kill."),
  children: gauge("Children by what they are at.", "state"),
  operations_started_total: counter(
    "Operations begun, initial funding and refunds included, by the chain they begin on.",
    "code",
    "chain",
  ),
  operations_ended_total: counter(
    "Operations over: succeeded, failed, or abandoned by a run that stopped waiting.",
    "code",
    "chain",
    "outcome",
  ),
  operations_refused_total: counter(
    "Operations that could not run when their turn came, and had another in their place.",
    "code",
    "chain",
  ),
  operations_running: gauge("Operations under way.", "code", "chain"),
  operation_phase_seconds: histogram(
    "Time from an operation's start until it reached a phase, of those that succeeded.",
    "code",
    "chain",
    "phase",
  ),
  crossings: gauge(
    "Crossings by class: of children's operations while the run goes on, as the audit found them all at its end.",
    "class",
  ),
  findings_total: counter("What detectors noticed that ought not to be; known at a run's end.", "detector"),
  injected_faults_total: counter(
    "What a fault plan did to the local stack; known when the load is over.",
    "fault",
  ),
  rpc_calls_total: counter("JSON-RPC calls sent, repeated ones included.", "chain", "endpoint", "method"),
  rpc_errors_total: counter(
    "Errors of endpoints by kind; one that left a whole message without an answer counts once.",
    "chain",
    "endpoint",
    "kind",
  ),
  rpc_repeated_calls_total: counter("JSON-RPC calls made again because they were not answered.", "chain"),
  rpc_calls_waiting: gauge("JSON-RPC calls that wait for their message to be sent.", "chain", "endpoint"),
  rpc_calls_under_way: gauge("JSON-RPC calls sent and not answered yet.", "chain", "endpoint"),
  rpc_outages_total: counter("Times that a chain's endpoints began not to answer.", "chain"),
  chain_block_height: gauge("Number of the last block that was read.", "chain"),
  chain_head_age_seconds: gauge("Age of the last block that was read, by its own time.", "chain"),
  chain_gas_price_wei: gauge("What a unit of gas costs.", "chain"),
  reorganisations_total: counter("Reorganisations that took back blocks that were read.", "chain"),
  reorganised_blocks_total: counter("Blocks that were read and are gone.", "chain"),
  transactions_waiting: gauge("Own transactions that are sent and not mined.", "chain"),
  transactions_resent_total: counter(
    "Own transactions sent again: rebroadcast as they were, or replaced with a higher fee.",
    "chain",
    "how",
  ),
  transactions_taken_back_total: counter(
    "Own transactions that reorganisations took out of the chain.",
    "chain",
  ),
  funder_balance_ether: gauge("What the funder has, by the books.", "chain"),
  bridge_balance_ether: gauge("What the bridge keeps: pools, portals, vaults.", "name"),
  driver_event_loop_delay_seconds: gauge(
    "How late 99 of 100 turns of the driver's event loop came at most, since it was last asked for.",
  ),
  driver_event_loop_busy_ratio: gauge("Part of the time in which the driver's event loop had work: 0 to 1."),
  driver_cpu_ratio: gauge("The driver's processor time by elapsed time: 1 is one core."),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** The values of a metric's own labels. */
export type LabelsOf<N extends MetricName> = Readonly<
  Record<(typeof METRICS)[N]["labels"][number], string | number>
>;

/** The names of those of a kind. */
export type NamesOf<T extends Metric["type"]> = {
  [N in MetricName]: (typeof METRICS)[N]["type"] extends T ? N : never;
}[MetricName];

/** Names as in the catalogue, and their metrics, without the narrow types of each. */
export const CATALOGUE = Object.entries(METRICS) as readonly (readonly [MetricName, Metric])[];
