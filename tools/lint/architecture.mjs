import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { placeOf, roomsOf, TABLE } from "./rooms.mjs";

/** @import { Place } from "./rooms.mjs" */

/**
 * What this plugin uses of the linter's own types, which are not published for a repository's own plugins.
 *
 * @typedef {object} Node
 * @property {string} type
 * @property {Node | null} [source]
 * @property {unknown} [value]
 * @property {string} [name]
 * @property {Node} [callee]
 * @property {readonly Node[]} [arguments]
 */

/** @typedef {{ filename: string, report(problem: { node: Node, message: string }): void }} Context */

const root = fileURLToPath(new URL("../..", import.meta.url));
const rooms = roomsOf(TABLE);

/** @param {string} path */
const fromRoot = (path) => relative(root, path).split(sep).join("/");

/** @param {Place} place */
const nameOf = ({ room, protocol }) => (protocol === undefined ? room.name : `${room.name} ${protocol}`);

/**
 * What is wrong with an import between two of our files, and what to do; undefined where nothing is.
 *
 * @param {string} file the importing file, from the root
 * @param {Place} from
 * @param {string} target the imported file, from the root
 * @param {Place | undefined} to
 */
function mistakeOf(file, from, target, to) {
  if (!to) return `${target} is in no room: give it a row, or do not import it.`;
  const isDoor = to.room.hasDoor && target.endsWith("/index.ts");
  if (from.room === to.room && from.protocol === to.protocol)
    return isDoor ? `${target} is this file's own door: import the file that declares it.` : undefined;
  if (from.protocol !== undefined && to.protocol !== undefined && from.protocol !== to.protocol)
    return `${nameOf(from)} may not import ${nameOf(to)} (${target}): move what both need out of either.`;
  if (!from.room.imports.has(to.room.name)) {
    const allowed = [...from.room.imports].join(", ") || "nothing of ours";
    return (
      `${nameOf(from)} may not import ${nameOf(to)} (${target}), only ${allowed}: ` +
      "move what both need down, or have it passed in."
    );
  }
  const isOtherHalf = from.protocol !== undefined && from.protocol === to.protocol;
  // What runs before TypeScript can be read has no use for a door in TypeScript.
  const isPlain = file.endsWith(".mjs") && target.endsWith(".mjs");
  if (to.room.hasDoor && !isDoor && !isOtherHalf && !isPlain)
    return `${target} is past the door of ${nameOf(to)}: import it from the room's index.ts, or export it there.`;
  return undefined;
}

/** Imports go to the rooms the table allows, by their doors. */
const imports = {
  meta: {
    type: "problem",
    docs: { description: "Who may import whom, by the table in tools/lint/rooms.mjs" },
  },
  create(/** @type {Context} */ context) {
    const file = fromRoot(context.filename);
    const from = placeOf(rooms, file);
    const report = (/** @type {Node} */ node, /** @type {string} */ mistake) =>
      context.report({ node, message: `${mistake} Who may import whom: the table in tools/lint/rooms.mjs.` });

    const check = (/** @type {Node} */ { type, source }) => {
      const specifier = source?.value;
      if (!source || !from || typeof specifier !== "string" || !specifier.startsWith(".")) return;
      const target = fromRoot(resolve(context.filename, "..", specifier));
      const mistake = mistakeOf(file, from, target, placeOf(rooms, target));
      if (mistake !== undefined) report(source, mistake);
      // Nothing imports tools, so they are in no circle.
      if ((type === "TSImportType" || type === "ImportExpression") && from.room.name !== "tools")
        report(
          source,
          `Circles of files are not found through import(): import ${target} at the file's top.`,
        );
    };

    return {
      Program(/** @type {Node} */ node) {
        if (!from) report(node, `${file} is in no room: move it, or give it a row.`);
      },
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

/** The present moment comes from the clock that is passed in; a Date of a given moment is nobody's clock. */
const clock = {
  meta: {
    type: "problem",
    docs: { description: "No `new Date()` and no `Date()`: take the clock that is passed in" },
  },
  create(/** @type {Context} */ context) {
    const report = (/** @type {Node} */ node) =>
      context.report({
        node,
        message: "The present moment is read here: take it from the clock that is passed in.",
      });
    const isDate = (/** @type {Node} */ { callee }) =>
      callee?.type === "Identifier" && callee.name === "Date";
    return {
      NewExpression: (/** @type {Node} */ node) => {
        if (isDate(node) && node.arguments?.length === 0) report(node);
      },
      CallExpression: (/** @type {Node} */ node) => {
        if (isDate(node)) report(node);
      },
    };
  },
};

export default { meta: { name: "architecture" }, rules: { imports, clock } };
