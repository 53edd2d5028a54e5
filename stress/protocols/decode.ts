import type { Interface, LogDescription, Result } from "ethers";
import { type Log, MalformedAnswer } from "../engine/rpc/index.ts";

/**
 * An event's arguments.
 *
 * @throws {MalformedAnswer} where its data are not what the ABI says: no contract emits such, so a node garbled it
 */
export const decodeEvent = (abi: Interface, event: string, log: Log): Result =>
  decoded(`the event ${event} of ${log.transactionHash}`, () =>
    checked(abi.decodeEventLog(event, log.data, log.topics)),
  );

/**
 * An event, by whichever of the ABI's it is; null where it is none of them.
 *
 * @throws {MalformedAnswer} likewise
 */
export const parseEvent = (abi: Interface, log: Log): LogDescription | null =>
  decoded(`an event of ${log.transactionHash}`, () => {
    const event = abi.parseLog(log);
    if (event !== null) checked(event.args);
    return event;
  });

/** ethers keeps some errors, such as that of an address of more than 20 bytes, until the value is taken. */
function checked(args: Result): Result {
  args.toArray();
  return args;
}

function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new MalformedAnswer(`${what} does not decode: ${String(error)}`, { cause: error });
  }
}

/** The topic that an event is known by. */
export function topicOf(abi: Interface, event: string): string {
  const fragment = abi.getEvent(event);
  if (fragment === null) throw new Error(`the ABI has no event ${event}`);
  return fragment.topicHash;
}

/**
 * Makes of an object once what decoding and hashing take their time for: run, audit and reports ask for the same receipt again
 * and again.
 */
export function oncePer<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (of) => {
    const known = made.get(of) ?? { value: make(of) };
    made.set(of, known);
    return known.value;
  };
}
