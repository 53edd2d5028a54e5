import type { ProtocolStack } from "../fixtures/local-stack/protocol-stack.ts";
import { OptionError } from "./option-values.mjs";
import { HELP, type Option, type Verb } from "./options.mjs";
import { ownOptions } from "./read-options.mjs";

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
    options: { ...Object.fromEntries(options), help: HELP },
  };
}

/** The settings that this process was started with, by their names; what was not given is left out. */
export function ownSettings(twin: Pick<ProtocolStack, "flags">): Readonly<Record<string, unknown>> {
  const own: Readonly<Record<string, unknown>> = ownOptions(localStackVerb(twin));
  return Object.fromEntries(
    twin.flags.flatMap(({ flag, setting }) => (own[flag] === undefined ? [] : [[setting, own[flag]]])),
  );
}
