import { type EventFragment, type FunctionFragment, Interface, type InterfaceAbi } from "ethers";

/** Fragments by all that they are asked for by; a name that several have is none of them. */
class Names<F extends FunctionFragment | EventFragment> {
  readonly #byName = new Map<string, F>();
  readonly #ambiguous = new Set<string>();

  add(fragment: F, hash: string): void {
    if (this.#byName.has(fragment.name)) this.#ambiguous.add(fragment.name);
    for (const name of [fragment.name, fragment.format("sighash"), hash]) this.#byName.set(name, fragment);
  }

  get(name: string): F | undefined {
    return this.#ambiguous.has(name) ? undefined : this.#byName.get(name);
  }
}

/**
 * An ABI whose fragments, selectors and topics are looked up once, when it is read: ethers goes through all of them for each
 * call and each event, and hashes the signature of each that it passes.
 */
export class Abi extends Interface {
  readonly #functions = new Names<FunctionFragment>();
  readonly #events = new Names<EventFragment>();

  constructor(fragments: InterfaceAbi) {
    super(fragments);
    this.forEachFunction((fragment) => {
      const { selector } = fragment;
      Object.defineProperty(fragment, "selector", { value: selector });
      this.#functions.add(fragment, selector);
    });
    this.forEachEvent((fragment) => {
      const { topicHash } = fragment;
      Object.defineProperty(fragment, "topicHash", { value: topicHash });
      this.#events.add(fragment, topicHash);
    });
  }

  override getFunction(key: string, values?: unknown[]): FunctionFragment | null {
    return (values === undefined ? this.#functions.get(key) : undefined) ?? super.getFunction(key, values);
  }

  override getEvent(key: string, values?: unknown[]): EventFragment | null {
    return (values === undefined ? this.#events.get(key) : undefined) ?? super.getEvent(key, values);
  }
}
