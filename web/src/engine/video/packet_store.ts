/** The bytes of groups of packets, one request a group, those around the cursor kept. */

import { bytesOf, type Fetch } from "./frame_source";
import type { FrameTable } from "./frame_table";

type Bytes = Uint8Array<ArrayBuffer>;

interface Holding {
  readonly stop: AbortController;
  readonly promise: Promise<Bytes>;
  bytes: Bytes | null;
}

const GROUPS_KEPT_MAX = 4;

export class PacketStore {
  private readonly held = new Map<number, Holding>();

  constructor(
    private readonly table: FrameTable,
    private readonly address: string,
    private readonly fetch: Fetch,
  ) {}

  /** The bytes of a group, where they are here already. */
  here(group: number): Bytes | null {
    return this.held.get(group)?.bytes ?? null;
  }

  async bytes(group: number): Promise<Bytes> {
    return await this.hold(group).promise;
  }

  /** Fetches these groups, ends requests for all others, and forgets what is furthest away. */
  want(groups: readonly number[]): void {
    for (const [group, holding] of this.held) {
      const stale = !groups.includes(group) && (holding.bytes === null || this.held.size > GROUPS_KEPT_MAX);
      if (stale) this.drop(group, holding);
    }
    for (const group of groups) this.hold(group);
  }

  close(): void {
    for (const [group, holding] of this.held) this.drop(group, holding);
  }

  private drop(group: number, holding: Holding): void {
    this.held.delete(group);
    holding.stop.abort();
  }

  private hold(number: number): Holding {
    const known = this.held.get(number);
    if (known !== undefined) return known;
    const group = this.table.group(number);
    const stop = new AbortController();
    const promise = bytesOf(this.fetch, this.address, stop.signal, [group.firstByte, group.endByte]);
    const holding: Holding = { stop, promise, bytes: null };
    promise.then(
      (bytes) => {
        holding.bytes = bytes;
      },
      // Who waits for it hears of it; a prefetch that fails is tried again when it is needed.
      () => {
        if (this.held.get(number) === holding) this.held.delete(number);
      },
    );
    this.held.set(number, holding);
    return holding;
  }
}
