/** A browser for tests: its time, chance and network stand still until they are moved, its sockets are spoken for. */

import { type Ear, SILENT_MILLISECONDS, STEADY_MILLISECONDS, type Wire } from "./socket";

export class FakeWire implements Wire {
  readonly said: unknown[] = [];
  closed = false;

  constructor(readonly ear: Ear) {}

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  tell(message: unknown): void {
    this.ear.heard(JSON.stringify(message));
  }
  greet(): void {
    this.tell({ type: "hello", member: "mem_1", ping_seconds: 15 });
  }
  end(code: number): void {
    this.ear.cut(code);
  }
}

export class FakeBrowser {
  wires: FakeWire[] = [];
  pauses: number[] = [];
  isOnline = true;
  chance = 0.5;
  private now = 0;
  private timers: { at: number; run: () => void }[] = [];
  private changed = new Set<() => void>();

  connect = (_url: string, ear: Ear): FakeWire => {
    const wire = new FakeWire(ear);
    this.wires.push(wire);
    return wire;
  };
  after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { at: this.now + milliseconds, run };
    this.timers.push(timer);
    if (milliseconds !== SILENT_MILLISECONDS && milliseconds !== STEADY_MILLISECONDS)
      this.pauses.push(milliseconds);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };
  random = (): number => this.chance;
  online = (): boolean => this.isOnline;
  onNetwork = (changed: () => void): (() => void) => {
    this.changed.add(changed);
    return () => this.changed.delete(changed);
  };
  wind(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.timers.filter((timer) => timer.at <= this.now);
    this.timers = this.timers.filter((timer) => timer.at > this.now);
    for (const timer of due) timer.run();
  }
  network(isOnline: boolean): void {
    this.isOnline = isOnline;
    for (const changed of this.changed) changed();
  }
  get wire(): FakeWire {
    const last = this.wires.at(-1);
    if (!last) throw new Error("nothing was connected");
    return last;
  }
}
