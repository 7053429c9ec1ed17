/** How long somebody worked on a task: only while the page is seen and something is done on it. */

const IDLE_MILLISECONDS = 60_000;

/** Counts the time from each sign of life to the next, as far as they are not further apart than idling begins. */
export class WorkTimer {
  private counted = 0;
  private lastSeen: number | null = null;
  private firstInput: number | null = null;

  constructor(private readonly clock: () => number) {}

  /** Begins a task, at the time that was spent on it before. */
  begin(seconds = 0): void {
    this.counted = seconds * 1000;
    this.lastSeen = this.clock();
    this.firstInput = null;
  }

  /** Something of the answer was changed. */
  changed(): void {
    this.firstInput ??= this.clock();
  }

  /** How many seconds ago the answer was first changed; undefined while it is as it came. */
  get firstInputAgo(): number | undefined {
    return this.firstInput === null ? undefined : (this.clock() - this.firstInput) / 1000;
  }

  /** Somebody typed, pointed or looked. */
  alive(): void {
    this.count();
    this.lastSeen = this.clock();
  }

  /** The page went out of sight. */
  hidden(): void {
    this.count();
    this.lastSeen = null;
  }

  /** To the millisecond, and never none: an answer given by one key, to a task that was waiting, took its time too. */
  get seconds(): number {
    return Math.max(1, Math.round(this.counted + this.sinceLastSeen())) / 1000;
  }

  private count(): void {
    this.counted += this.sinceLastSeen();
  }

  private sinceLastSeen(): number {
    return this.lastSeen === null ? 0 : Math.min(this.clock() - this.lastSeen, IDLE_MILLISECONDS);
  }
}
