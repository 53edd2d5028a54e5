// What this project asks of vitest's own arguments: that they are seen from its folder, and refused in a sentence where
// vitest would print a stack.
import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { OptionError } from "./option-values.mjs";

/** vitest's option for the folder that holds everything, in all spellings. */
const ROOT = /^(?:--root|-r)(?:=(.*))?$/s;

/**
 * vitest's arguments as they are from the project's folder, wherever it was started: paths that begin with a dot are seen
 * from `cwd`, and a --root that names the project's folder is left out. Undefined where --root names another folder: that
 * is no run of this project.
 *
 * @param {readonly string[]} args without the stress options
 * @param {string} cwd
 * @param {string} root the project's folder
 * @returns {string[] | undefined}
 */
export function argumentsAtRoot(args, cwd, root) {
  /** @type {string[]} */
  const rest = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") return [...rest, ...args.slice(at)];
    const given = ROOT.exec(word);
    if (given === null) {
      rest.push(fromFolder(word, cwd, root));
      continue;
    }
    const folder = given[1] ?? args[++at];
    if (folder === undefined) throw new OptionError("--root wants a folder");
    if (real(resolve(cwd, folder)) !== real(root)) return undefined;
  }
  return rest;
}

/** @param {string} path */
const real = (path) => (existsSync(path) ? realpathSync(path) : path);

/**
 * @param {string} word
 * @param {string} cwd
 * @param {string} root
 */
function fromFolder(word, cwd, root) {
  if (real(cwd) === real(root)) return word;
  const [, option = "", path] = /^(--[\w.-]+=)?(\.\.?(?:[\\/].*)?)$/s.exec(word) ?? [];
  return path === undefined || isAbsolute(path) ? word : `${option}${resolve(real(cwd), path)}`;
}

/**
 * Refuses what vitest would meet with a stack: parts that there are not, and displays that are not installed.
 *
 * @param {readonly string[]} args
 * @param {{ isInstalled: (name: string) => boolean, version: string }} packages whether a package is there; vitest's version
 * @throws {OptionError}
 */
export function checkArguments(args, { isInstalled, version }) {
  const words = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const isShown =
    words.some((word) => /^--ui(?:$|=(?!false$)|\.)/.test(word)) ||
    valuesOf(words, "reporter").includes("html");
  if (isShown && !isInstalled("@vitest/ui"))
    throw new OptionError(
      `--ui and --reporter=html need a package that is not installed: npm install --no-save @vitest/ui@${version}`,
    );
}

/**
 * The same arguments with reporters of this project's in the place of vitest's of the same name.
 *
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} own a reporter's file, by the name whose place it takes
 */
export function withReporters(args, own) {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.map((word, at) => {
    if (at >= end) return word;
    const [, option = "", name = ""] =
      args[at - 1] === "--reporter" ? ["", "", word] : (/^(--reporter=)(.+)$/.exec(word) ?? []);
    const file = Object.hasOwn(own, name) ? own[name] : undefined;
    return file === undefined ? word : `${option}${file}`;
  });
}

/**
 * What an option was given, as often as it was.
 *
 * @param {readonly string[]} words
 * @param {string} name
 */
const valuesOf = (words, name) =>
  words.flatMap((word, at) =>
    word === `--${name}`
      ? [words[at + 1] ?? ""]
      : word.startsWith(`--${name}=`)
        ? [word.slice(name.length + 3)]
        : [],
  );
