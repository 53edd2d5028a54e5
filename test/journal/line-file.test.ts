import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineFile } from "../../stress/journal/line-file.ts";
import { LineLog } from "../../stress/journal/line-log.ts";
import { FULL, SmallDisk } from "../fakes/disk.ts";
import { ownFolder } from "../fakes/folder.ts";
import { runs } from "../fakes/property.ts";
import { thrownBy } from "../targets/mistakes.ts";

const ownPath = (): string => join(ownFolder(), "own.log");

const read = (path: string): string => readFileSync(path, "utf8");

describe("a line", () => {
  test("is whole where the system takes it in pieces", () => {
    const path = ownPath();
    const file = new LineFile(path, { write: (to, bytes, offset) => writeSync(to, bytes, offset, 1) });
    file.append("OP_WATCH,000,FX");
    file.append("näxt");
    file.close();
    expect(read(path)).toBe("OP_WATCH,000,FX\nnäxt\n");
  });

  test("that does not fit is not there at all, and the next one is whole where there is room again", () => {
    const path = ownPath();
    const disk = new SmallDisk(10);
    const file = new LineFile(path, { write: disk.write });
    file.append("first");
    expect(() => file.append("second, and too long")).toThrow(FULL);
    expect(read(path)).toBe("first\n");
    disk.room = 100;
    file.append("third");
    file.close();
    expect(read(path)).toBe("first\nthird\n");
  });

  test("that cannot be taken back, as somebody else wrote behind it, ends where the next one begins", () => {
    const path = ownPath();
    let calls = 0;
    const file = new LineFile(path, {
      write: (to, bytes, offset) => {
        calls++;
        if (calls === 1) return writeSync(to, bytes, offset, 4);
        if (calls > 2) return writeSync(to, bytes, offset);
        appendFileSync(path, "\ntheirs");
        throw FULL;
      },
    });
    expect(() => file.append("half a line")).toThrow(FULL);
    file.append("whole");
    file.close();
    expect(read(path)).toBe("half\ntheirs\nwhole\n");
  });

  test("is refused where the system takes nothing and does not say why", () => {
    const file = new LineFile(ownPath(), { write: () => 0 });
    expect(() => file.append("line")).toThrow("takes no more");
    file.close();
  });

  test("does not go into another file that has the number of one that is closed", () => {
    const file = new LineFile(ownPath());
    file.close();
    file.close();
    const other = ownPath();
    const next = new LineFile(other);
    expect(() => file.append("line")).toThrow("is closed");
    next.close();
    expect(read(other)).toBe("");
  });
});

test("whatever room a disk has, and whenever there is some again, a file holds whole lines alone", () => {
  const folder = ownFolder();
  let number = 0;
  const line = fc.stringMatching(/^[a-z,]{0,12}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(line, fc.nat(16)), { maxLength: 12 }), (steps) => {
      const path = join(folder, String(number++));
      const disk = new SmallDisk(0);
      const file = new LineFile(path, { write: disk.write });
      const kept: string[] = [];
      for (const [text, room] of steps) {
        disk.room += room;
        try {
          file.append(text);
          kept.push(`${text}\n`);
        } catch (error) {
          if (error !== FULL) throw error;
        }
      }
      file.close();
      expect(read(path)).toBe(kept.join(""));
    }),
    runs(100),
  );
});

describe("a file that cannot be used is named, with what to do", () => {
  const isNamed = (path: string): void =>
    expect(thrownBy(() => new LineFile(path))).toMatchObject({
      code: "LOGS_UNUSABLE",
      message: expect.stringContaining(path),
      hint: expect.stringContaining("ROLLUP_STRESS_LOGS"),
    });

  test("where it is a folder", () => {
    const path = ownPath();
    mkdirSync(path);
    isNamed(path);
  });

  test("where its folder is a file", () => {
    const path = ownPath();
    writeFileSync(path, "");
    isNamed(join(path, "deep", "own.log"));
  });
});

test.runIf(process.platform === "linux")("the system's own full disk is told in its words", () => {
  const path = ownPath();
  symlinkSync("/dev/full", path);
  const file = new LineFile(path);
  expect(() => file.append("line")).toThrow("ENOSPC");
  file.close();
});

describe("a log that only reports", () => {
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("writes the lines that come together at once, before anything else happens", async () => {
    const path = ownPath();
    let writes = 0;
    const log = new LineLog(
      path,
      () => undefined,
      (file, bytes, offset) => {
        writes++;
        return writeSync(file, bytes, offset);
      },
    );
    for (const line of ["block 1", "block 2"]) log.write(line);
    await nextTurn();
    expect([read(path).split("\n").length, writes]).toEqual([3, 1]);
    log.close();
  });

  test("stops nobody where the disk is full, tells it once, and goes on where there is room again", async () => {
    const path = ownPath();
    const disk = new SmallDisk(60);
    const told: string[] = [];
    const log = new LineLog(path, (line) => told.push(line), disk.write);
    for (const line of ["block 1", "block 2", "block 3", "block 4"]) {
      log.write(line);
      await nextTurn();
    }
    expect(told).toEqual([`WARNING ${path} lacks lines from here on: ${FULL.message}`]);
    disk.room = 1000;
    log.write("block 5");
    log.close();
    expect(read(path)).toMatch(/^\S+ block 1\n(\S+ block \d\n)*\S+ block 5\n$/);
  });

  test("takes what comes after its end for nothing", () => {
    const path = ownPath();
    const told: string[] = [];
    const log = new LineLog(path, (line) => told.push(line));
    log.close();
    log.write("late statistics");
    expect([read(path), told]).toEqual(["", []]);
  });
});
