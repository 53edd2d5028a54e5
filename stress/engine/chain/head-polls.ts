/** Until two blocks were seen, a block's time is taken to be this. Milliseconds. */
const FIRST_BLOCK_MS = 1000;

/** How fine blocks' arrival is told, as a part of their time: while something is waited for, and while nothing is. */
const FINE = 1 / 24;
const COARSE = 1 / 4;

/** Bounds of it, and of the pause between two polls. Milliseconds. */
const STEP_MS = { least: 10, fine: 500, coarse: 2000 };
const PAUSE_MS = { least: 10, inVain: 2000, most: 15_000 };

/** Blocks that come as unevenly as this part of their time have no rhythm; then it is asked so often in a block's time. */
const UNEVEN = 0.15;
const POLLS = { fine: 8, coarse: 2 };

/**
 * So many that wait for one block are worth more polls: then it is asked as often as where there is a rhythm, from when so many times as
 * blocks differ are left of a block's time, until it is that much late.
 */
const MANY = 200;
const EARLY = 2;

/** Blocks' times after which an endpoint that told of heads is taken not to do so any more. */
const TOLD_BLOCKS = 5;

/** By this part of a step a block may have come before it was due, each time that nothing contradicts: where it did not, a poll is in vain, and tells. */
const EARLIER = 1 / 8;

/** How much a block's time counts against those before it. */
const WEIGHT = 0.2;

/** A block's time counts as so many of those before it at most: a chain that stood still is no slow one. */
const LONGEST = 4;

/**
 * When to ask a chain for its head. Blocks come in a rhythm: it is asked shortly before the next one is due and shortly after, so that a
 * block is seen soon and few polls are in vain; the longer it does not come, the more rarely.
 */
export class HeadPolls {
  #blockMs = FIRST_BLOCK_MS;
  /** By how much blocks' times differ from that. Unknown at first: as if they had no rhythm. */
  #unevenMs = FIRST_BLOCK_MS;
  /** When the newest block came, as far as polls can tell. Unix milliseconds. */
  #cameAt: number | undefined;
  /** When it was last asked in vain since then. */
  #vainAt: number | undefined;
  #vain = 0;
  #step = 0;
  #toldAt: number | undefined;
  /** Whether it was told of one that no poll has seen. */
  #isTold = false;

  /** A poll at this time saw so many new blocks. */
  saw(blocks: number, now: number): void {
    this.#isTold = false;
    const before = this.#cameAt;
    // It came between the last poll in vain and this one; where that was the first, some time before.
    const middle = ((this.#vainAt ?? now - this.#step) + now) / 2;
    if (before === undefined) this.#cameAt = now;
    else {
      const due = before + blocks * this.#blockMs;
      if (this.#isLatePoll(due, now) && middle > due)
        this.#cameAt = due - Math.min(middle - due, EARLIER * this.#step);
      else {
        this.#learn((middle - before) / blocks);
        this.#cameAt = middle;
      }
    }
    this.#vainAt = undefined;
    this.#vain = 0;
  }

  /**
   * Whether no poll was in vain since a block was due. One that is late, as this process was busy, says nothing of the block; what it saw
   * taken for the block's time, it would make those after it late, too.
   */
  #isLatePoll(due: number, now: number): boolean {
    return (this.#vainAt ?? due) <= due && now - due < this.#blockMs / 2;
  }

  /** @param found a block's time, as polls tell. Milliseconds */
  #learn(found: number): void {
    const most = LONGEST * Math.max(STEP_MS.least, this.#blockMs);
    const blockMs = Math.min(most, Math.max(0, found));
    const differs = Math.max(0, Math.abs(blockMs - this.#blockMs) - this.#step);
    this.#unevenMs += WEIGHT * (differs - this.#unevenMs);
    this.#blockMs += WEIGHT * (blockMs - this.#blockMs);
  }

  /** A poll at this time saw nothing new, or had no answer. */
  sawNothing(now: number): void {
    this.#vainAt = now;
    this.#vain++;
  }

  /** The endpoint told that there is a new one. As long as it does, polls are there for those it leaves out. */
  wasTold(now: number): void {
    this.#toldAt = now;
    this.#isTold = true;
  }

  /** Whether it was told that there is a new one, or the rhythm of those before says so. */
  isDue(now: number): boolean {
    if (this.#cameAt === undefined) return false;
    return this.#isTold || now >= this.#cameAt + this.#blockMs - this.#step - EARLY * this.#unevenMs;
  }

  get #hasRhythm(): boolean {
    return this.#unevenMs <= UNEVEN * this.#blockMs;
  }

  /** When to ask again, in milliseconds from now. @param waiting how many wait for what blocks bring */
  pause(now: number, waiting: number): number {
    // One that was told and is not there yet, as another node answers, is asked for as any other.
    const tells = this.#toldAt !== undefined && now - this.#toldAt < TOLD_BLOCKS * this.#blockMs;
    if (tells && this.#vain === 0)
      return Math.min(PAUSE_MS.inVain, Math.max(PAUSE_MS.least, 2 * this.#blockMs));
    const isAwaited = waiting > 0;
    if (!this.#hasRhythm) return this.#unevenPause(now, waiting);
    const [part, most] = isAwaited ? [FINE, STEP_MS.fine] : [COARSE, STEP_MS.coarse];
    this.#step = Math.min(most, Math.max(STEP_MS.least, this.#blockMs * part));
    // Where nobody waits, it is not asked before the block is likely to be there.
    const first = (this.#cameAt ?? now) + this.#blockMs + (isAwaited ? -0.5 : 0.5) * this.#step;
    // A block that is late by no more than others were is no sign that it will be long.
    const patience = isAwaited ? this.#unevenMs / this.#step : 0;
    const inVain = Math.min(PAUSE_MS.inVain, this.#step * 2 ** Math.max(0, this.#vain - 2 - patience));
    return Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, now < first ? first - now : inVain));
  }

  #unevenPause(now: number, waiting: number): number {
    const due = (this.#cameAt ?? now) + this.#blockMs;
    const isClose = Math.abs(now - due) <= Math.max(this.#blockMs / POLLS.fine, EARLY * this.#unevenMs);
    const polls = waiting >= MANY && isClose ? 1 / FINE : waiting > 0 ? POLLS.fine : POLLS.coarse;
    this.#step = this.#blockMs / polls;
    return Math.min(waiting > 0 ? PAUSE_MS.inVain : PAUSE_MS.most, Math.max(PAUSE_MS.least, this.#step));
  }
}
