/** No answer is lost or doubled: tabs that die, servers that fail, replies that never come, on a real IndexedDB. */

import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { emptyDocument } from "../document/apply";
import { ulid } from "../ulid";
import { leadingByTurn } from "./leading";
import { Outbox } from "./outbox";
import { Store } from "./store";
import type { Entry, Given, Recent, Reply } from "./values";

/** A clock with timers that run only when it is wound on. */
class Clock {
  now = 1_000_000;
  private timers: { at: number; call: () => void }[] = [];

  after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { at: this.now + milliseconds, call };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  wind(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.timers.filter((timer) => timer.at <= this.now);
    this.timers = this.timers.filter((timer) => timer.at > this.now);
    for (const timer of due) timer.call();
  }
}

/** Takes answers as the real one does: once under a key, once for an assignment. */
class Server {
  readonly stored = new Map<string, string>();
  private readonly keys = new Map<string, string>();
  fault: () => "none" | "before" | "after" = () => "none";
  refuse: (entry: Entry) => Reply | null = () => null;
  calls = 0;

  take = async (entry: Entry): Promise<Reply> => {
    this.calls++;
    const fault = this.fault();
    if (fault === "before") return { kind: "none" };
    const refused = this.refuse(entry);
    const reply = refused ?? this.store(entry);
    return fault === "after" ? { kind: "none" } : reply;
  };

  private store(entry: Entry): Reply {
    const known = this.keys.get(entry.key);
    if (known !== undefined) return answered(known === entry.body ? 200 : 422, `sub_${entry.assignment}`);
    if (this.stored.has(entry.assignment)) return answered(409);
    this.keys.set(entry.key, entry.body);
    this.stored.set(entry.assignment, entry.body);
    return answered(200, `sub_${entry.assignment}`);
  }
}

const answered = (state: number, submission?: string): Reply => ({
  kind: "answer",
  state,
  code: state === 200 ? "" : "not_leased",
  detail: "",
  retryable: false,
  retryAfterSeconds: null,
  ...(submission ? { submission } : {}),
});

let members = 0;
const newMember = () => `mem_${++members}`;

function entryFor(number: number, more: Partial<Entry> = {}): Entry {
  return {
    key: ulid(number),
    kind: "submission",
    modality: "text",
    project: "prj_1",
    assignment: `asg_${number}`,
    task: `task_${number}`,
    uniqueId: `${number}`,
    body: JSON.stringify({ answer: number }),
    tab: "tab",
    claims: 0,
    queuedAt: number,
    ...more,
  };
}

const recentOf = (entry: Entry): Recent => ({
  assignment: entry.assignment,
  project: entry.project,
  modality: entry.modality,
  given: { id: entry.assignment } as Given,
  answer: {},
  seconds: 1,
  answeredAt: entry.queuedAt,
});

async function openTab(member: string, tab: string, clock: Clock, server: Server): Promise<Outbox> {
  const store = await Store.open(member);
  const world = {
    clock: () => clock.now,
    draw: () => 0.5,
    after: clock.after,
    send: server.take,
    tell: () => {},
  };
  const outbox = new Outbox(store, world);
  await outbox.start(leadingByTurn(store, tab, () => clock.now));
  return outbox;
}

describe("the outbox", () => {
  it("loses and doubles nothing, whatever fails and whichever tab dies", { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      let state = seed;
      const draw = (below: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return (state >>> 8) % below;
      };
      const [clock, server, member] = [new Clock(), new Server(), newMember()];
      server.fault = () => (["none", "before", "after"] as const)[draw(3)] ?? "none";
      const tabs = [await openTab(member, "a", clock, server), await openTab(member, "b", clock, server)];
      for (let number = 0; number < 12; number++) {
        const place = draw(2);
        await tabs[place]?.enqueue(entryFor(number));
        if (draw(4) === 0) {
          tabs[place]?.stop();
          tabs[place] = await openTab(member, `${place}${number}`, clock, server);
        }
        clock.wind(draw(3_000));
      }
      server.fault = () => "none";
      for (let turn = 0; turn < 12; turn++) {
        clock.wind(60_000);
        for (const tab of tabs) await tab.wake();
      }
      const expected = Array.from({ length: 12 }, (_, number) => [`asg_${number}`, `{"answer":${number}}`]);
      expect(new Map([...server.stored].sort()), `seed ${seed}`).toEqual(
        new Map(expected.sort() as [string, string][]),
      );
      expect(await tabs[0]?.store.entries()).toEqual([]);
      for (const tab of tabs) tab.stop();
    }
  });

  it("keeps what is refused, visible and in order, until a person decides", async () => {
    const [clock, server] = [new Clock(), new Server()];
    server.refuse = (entry) =>
      entry.uniqueId === "1" ? ({ ...answered(409), code: "lease_expired" } as Reply) : null;
    const outbox = await openTab(newMember(), "a", clock, server);
    for (const number of [0, 1, 2]) await outbox.enqueue(entryFor(number));
    await outbox.wake();
    expect([...server.stored.keys()]).toEqual(["asg_0", "asg_2"]);
    expect(outbox.snapshot().refused).toMatchObject([{ uniqueId: "1", refusal: { code: "lease_expired" } }]);
    server.refuse = () => null;
    const [refused] = outbox.snapshot().refused;
    await outbox.retry(refused?.key ?? "");
    await outbox.wake();
    expect(server.stored.get("asg_1")).toBe('{"answer":1}');
    expect(outbox.snapshot()).toMatchObject({ waiting: [], refused: [] });
  });

  it("lets a refused answer give way to the person's next one to the task, and nothing else", async () => {
    const [clock, server] = [new Clock(), new Server()];
    server.refuse = (entry) => (entry.uniqueId === "1" ? answered(409) : null);
    const outbox = await openTab(newMember(), "a", clock, server);
    for (const number of [1, 2]) await outbox.enqueue(entryFor(number));
    await outbox.wake();
    expect(outbox.snapshot().refused).toHaveLength(1);
    server.refuse = () => null;
    await outbox.enqueue(entryFor(3, { task: "task_1" }));
    await outbox.wake();
    expect(outbox.snapshot()).toMatchObject({ waiting: [], refused: [] });
    expect([...server.stored.keys()]).toEqual(["asg_2", "asg_3"]);
  });

  it("keeps the queue while nobody is signed in, and sends it afterwards", async () => {
    const [clock, server] = [new Clock(), new Server()];
    server.refuse = () => answered(401);
    const outbox = await openTab(newMember(), "a", clock, server);
    await outbox.enqueue(entryFor(0));
    await outbox.wake();
    expect(outbox.snapshot()).toMatchObject({ signedOut: true, waiting: [{ uniqueId: "0" }] });
    const before = server.calls;
    clock.wind(600_000);
    await outbox.wake();
    expect(server.calls).toBe(before);
    server.refuse = () => null;
    outbox.resume();
    await outbox.wake();
    expect(server.stored.size).toBe(1);
    expect(outbox.snapshot().signedOut).toBe(false);
  });

  it("neither shows nor sends what another member left", async () => {
    const [clock, server, silent] = [new Clock(), new Server(), new Server()];
    silent.fault = () => "before";
    const first = await openTab(newMember(), "a", clock, silent);
    await first.enqueue(entryFor(0));
    first.stop();
    const second = await openTab(newMember(), "a", clock, server);
    await second.wake();
    expect(second.snapshot().waiting).toEqual([]);
    expect(server.stored.size).toBe(0);
  });

  it("sends a revision to the submission that its answer became", async () => {
    const [clock, server] = [new Clock(), new Server()];
    const sent: (string | undefined)[] = [];
    const store = await Store.open(newMember());
    const send = async (entry: Entry, submission: string | undefined) => {
      sent.push(submission);
      return server.take(entry);
    };
    const outbox = new Outbox(store, {
      clock: () => clock.now,
      draw: () => 0,
      after: clock.after,
      send,
      tell: () => {},
    });
    const entry = entryFor(1);
    await outbox.enqueue(entry, recentOf(entry));
    await outbox.enqueue(entryFor(2, { kind: "revision", assignment: entry.assignment }));
    await outbox.start(leadingByTurn(store, "a", () => clock.now));
    await outbox.wake();
    expect(sent).toEqual([undefined, "sub_asg_1"]);
  });
});

describe("the desk", () => {
  const task = (id: string, tab: string, seenAt = 0) => ({
    id,
    project: "prj_1",
    modality: "text" as const,
    tab,
    seenAt,
    given: { id } as Given,
  });

  it("gives the tasks of dead tabs to the next one, drafts first, and those of live tabs to nobody", async () => {
    const store = await Store.open(newMember());
    await store.putOnDesk([task("asg_1", "dead"), task("asg_2", "live"), task("asg_3", "dead")]);
    await store.saveDraft("asg_3", { document: emptyDocument, seconds: 2, savedAt: 3 });
    const mine = await store.adopt("prj_1", "new", 9, ({ tab }) => tab === "live");
    expect(mine.map(({ id }) => id)).toEqual(["asg_3", "asg_1"]);
    expect((await store.desk("prj_1")).map(({ tab }) => tab)).toEqual(["new", "live", "new"]);
  });

  it("lets the next tab ask again for what a dead one had asked for, until there is an answer", async () => {
    const store = await Store.open(newMember());
    const asked = { project: "prj_1", seenAt: 0, count: 2, waits: false };
    await store.ask({ ...asked, key: "1", tab: "dead" });
    await store.ask({ ...asked, key: "2", tab: "live" });
    await store.ask({ ...asked, key: "3", tab: "dead", project: "prj_2" });
    const isLive = ({ tab }: { tab: string }) => tab === "live";
    expect((await store.adoptAsked("prj_1", "new", isLive)).map(({ key }) => key)).toEqual(["1"]);
    expect(await store.adoptAsked("prj_1", "other", (one) => isLive(one) || one.tab === "new")).toEqual([]);
    await store.putOnDesk([task("asg_1", "new")], "1");
    expect(await store.adoptAsked("prj_1", "new", isLive)).toEqual([]);
    expect((await store.desk("prj_1")).map(({ id }) => id)).toEqual(["asg_1"]);
  });

  it("never gets back a task that was answered", async () => {
    const store = await Store.open(newMember());
    await store.putOnDesk([task("asg_1", "a")]);
    const entry = entryFor(1, { claims: 1 });
    await store.enqueue(entry, recentOf(entry));
    await store.saveDraft("asg_1", { document: emptyDocument, seconds: 0, savedAt: 0 });
    const given = { id: "asg_9", task: { project: "prj_1" } } as Given;
    expect(await store.settle(entry, { submission: "sub_1", next: [given] }, 1)).toBe(true);
    await store.dropFromDesk("asg_9");
    // Delivered by another tab as well: its reply brings nothing back.
    expect(await store.settle(entry, { submission: "sub_1", next: [given] }, 2)).toBe(false);
    expect(await store.adopt("prj_1", "a", 3, () => false)).toEqual([]);
    expect(await store.submissionOf("asg_1")).toBe("sub_1");
  });
});
