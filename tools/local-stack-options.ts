import {
  DEFAULT_PROTOCOL,
  localStacks,
  type ProtocolName,
  protocolName,
} from "../fixtures/local-stack/index.ts";
import type { ProtocolStack } from "../fixtures/local-stack/protocol-stack.ts";
import { OptionError } from "./option-values.mjs";
import { HELP, type Option, type Verb } from "./option-table.mjs";
import { ownOptions } from "./read-options.mjs";

/** The protocol that a command line names, by which its other options are read; the default where it names none. */
export function chosenProtocol(argv: readonly string[]): ProtocolName {
  const named = argv.flatMap((word, at) => {
    const found = /^--protocol(?:=(.*))?$/.exec(word);
    return found === null ? [] : [found[1] ?? argv[at + 1]];
  });
  // What is no protocol is refused with the other options.
  return protocolName.safeParse(named[0]).data ?? DEFAULT_PROTOCOL;
}

const PROTOCOL: Option = {
  argument: `<${Object.keys(localStacks).join("|")}>`,
  help: `whose contracts; the other options are its own (default ${DEFAULT_PROTOCOL})`,
  parse: (text, option) => {
    if (protocolName.safeParse(text).success) return text;
    throw new OptionError(`${option} wants one of ${Object.keys(localStacks).join(", ")}, not '${text}'`);
  },
};

/** The options of `npm run local-stack`: what can be set about the stack of a protocol. */
export function localStackVerb({ flags }: Pick<ProtocolStack, "flags">): Verb {
  const options = flags.map((setting): [string, Option] => [
    setting.flag,
    {
      argument: setting.value,
      help: setting.help,
      parse: (text, option) => {
        const value = setting.read(text);
        if (value === undefined) throw new OptionError(`${option} wants ${setting.wants}, not '${text}'`);
        return value;
      },
    },
  ]);
  return {
    name: "local-stack",
    usage: "npm run local-stack -- [options]",
    options: { protocol: PROTOCOL, ...Object.fromEntries(options), help: HELP },
  };
}

/** The settings that this process was started with, by their names; what was not given is left out. */
export function ownSettings(twin: Pick<ProtocolStack, "flags">): Readonly<Record<string, unknown>> {
  const own: Readonly<Record<string, unknown>> = ownOptions(localStackVerb(twin));
  return Object.fromEntries(
    twin.flags.flatMap(({ flag, setting }) => (own[flag] === undefined ? [] : [[setting, own[flag]]])),
  );
}
