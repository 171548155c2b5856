// The clock of a platform of one's own, which a journey moves while it runs (`clock.c`).

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Clock {
  #folder = mkdtempSync(join(tmpdir(), "postern-clock-"));
  #file = join(this.#folder, "seconds");
  #seconds = 0;

  constructor() {
    this.ahead(0);
    const library = join(this.#folder, "clock.so");
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, join(import.meta.dirname, "clock.c")]);
    /** For the platform that goes by it. */
    this.environment = { LD_PRELOAD: library, POSTERN_CLOCK: this.#file };
  }

  /** From now on it is so many seconds ahead of this process's. */
  ahead(seconds) {
    this.#seconds = seconds;
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    // In place: the platform has it mapped.
    writeFileSync(this.#file, bytes, { flag: this.environment ? "r+" : "w" });
  }

  /** What it says, in seconds since the epoch. */
  get now() {
    return Math.floor(Date.now() / 1000) + this.#seconds;
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
