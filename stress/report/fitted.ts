/** Characters that a line has at most where nobody says how wide the terminal is: the width of the logs of CI systems. */
export const LOG_WIDTH = 120;

/** One line of at most so many characters: what is too much is left out. */
export function clipped(text: string, width: number): string {
  const line = text.replaceAll(/[\s\p{Cc}]/gu, " ");
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/**
 * A line in as many as it takes for none to be longer than so many characters, each but the first further in. Words stay whole, however
 * long: a path in two lines is of no use to anybody.
 */
export function fitted(text: string, width: number = LOG_WIDTH): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => brokenUp(line.trimEnd(), width));
}

function brokenUp(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const [indent = ""] = /^ */.exec(line) ?? [];
  const further = `${indent}    `;
  const lines: string[] = [];
  let begun = "";
  for (const word of line.slice(indent.length).split(" ")) {
    const lead = lines.length === 0 ? indent : further;
    if (begun === "") begun = lead + word;
    else if (begun.length + 1 + word.length <= width) begun += ` ${word}`;
    else {
      lines.push(begun);
      begun = further + word;
    }
  }
  return [...lines, begun];
}

/** A line with the time of day before it, to the second, in UTC. @param at Unix milliseconds */
export const stamped = (at: number, line: string): string =>
  `${new Date(at).toISOString().slice(11, 19)} ${line}`;
