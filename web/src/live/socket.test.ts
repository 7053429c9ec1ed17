/** The socket against a service that is led by hand: it comes back, resumes, hears silence, and asks once. */

import { beforeEach, describe, expect, it } from "vitest";
import { FakeBrowser } from "./browser_by_hand";
import type { Heard } from "./messages";
import { LiveSocket, liveUrl, SILENT_MILLISECONDS, STEADY_MILLISECONDS } from "./socket";

let around: FakeBrowser;
let socket: LiveSocket;
let heard: Heard[];
const listen = (message: Heard): void => {
  heard.push(message);
};
const state = (seq: string, data: unknown = {}) => ({ type: "state", topic: "me", seq, data });
const notice = (seq: string) => ({ type: "notice", topic: "me", seq, data: { kind: "rework" } });

beforeEach(() => {
  around = new FakeBrowser();
  heard = [];
  socket = new LiveSocket("ws://here/v1/text/live", around);
});

describe("topics", () => {
  it("are asked for after the greeting, once for all who listen", () => {
    socket.subscribe("me", listen);
    expect(around.wire.said).toEqual([]);
    around.wire.greet();
    socket.subscribe("me", listen);
    expect(around.wire.said).toEqual([{ type: "subscribe", topic: "me" }]);
    around.wire.tell(state("s1"));
    expect(heard).toHaveLength(1);
  });

  it("give who comes later the last state at once", () => {
    around.wire.greet();
    socket.subscribe("me", () => {});
    around.wire.tell(state("s1", 1));
    around.wire.tell(state("s2", 2));
    around.wire.tell(notice("s3"));
    socket.subscribe("me", listen);
    expect(heard).toEqual([state("s2", 2)]);
  });

  it("are left when the last listener leaves", () => {
    around.wire.greet();
    const stops = [socket.subscribe("me", listen), socket.subscribe("me", () => {})];
    stops[0]?.();
    expect(around.wire.said).toHaveLength(1);
    stops[1]?.();
    stops[1]?.();
    expect(around.wire.said.slice(1)).toEqual([{ type: "unsubscribe", topic: "me" }]);
    around.wire.tell(state("s1"));
    expect(heard).toEqual([]);
  });

  it("pass on what a service of another version says, where it can be read", () => {
    around.wire.greet();
    socket.subscribe("me", listen);
    for (const odd of [
      null,
      7,
      "x",
      [],
      { type: "song", topic: "me", seq: "1" },
      { type: "state", topic: "me" },
    ])
      around.wire.tell(odd);
    around.wire.ear.heard("{");
    around.wire.tell({ type: "gap", topic: "me", more: 1 });
    expect(heard).toEqual([{ type: "gap", topic: "me" }]);
  });
});

describe("a connection that is lost", () => {
  it("is made again, with what was heard last", () => {
    socket.subscribe("me", listen);
    socket.subscribe("project:prj_1", listen);
    around.wire.greet();
    around.wire.tell(state("s1"));
    around.wire.tell(notice("s2"));
    around.wire.end(1012);
    expect(socket.state).toBe("connecting");
    around.wind(1_000);
    around.wire.greet();
    expect(around.wires).toHaveLength(2);
    expect(around.wire.said).toEqual([
      { type: "subscribe", topic: "me", since: "s2" },
      { type: "subscribe", topic: "project:prj_1" },
    ]);
  });

  it("is tried ever more slowly, by chance between half of the pause and all of it", () => {
    for (let failure = 0; failure < 8; failure += 1) {
      around.wire.end(1006);
      around.wind(60_000);
    }
    expect(around.pauses.map((pause) => pause / 0.75)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    around.chance = 0;
    around.wire.end(1006);
    expect(around.pauses.at(-1)).toBe(15_000);
  });

  it("is tried soon again only once one has lasted", () => {
    const cut = (lasting: number): number => {
      around.wire.greet();
      around.wind(lasting);
      around.wire.end(1006);
      const pause = around.pauses.at(-1) ?? 0;
      around.wind(60_000);
      return pause;
    };
    const pauses = [cut(0), cut(0), cut(STEADY_MILLISECONDS), cut(0)];
    expect(pauses.map((pause) => pause / 0.75)).toEqual([500, 1_000, 500, 1_000]);
  });

  it("is noticed by its silence; a ping is a sign, and is answered", () => {
    around.wire.greet();
    around.wind(SILENT_MILLISECONDS - 1);
    around.wire.tell({ type: "ping" });
    expect(around.wire.said).toEqual([{ type: "pong" }]);
    around.wind(SILENT_MILLISECONDS - 1);
    expect(socket.state).toBe("open");
    around.wind(1);
    expect(socket.state).toBe("connecting");
    expect(around.wires[0]?.closed).toBe(true);
  });
});

describe("an end", () => {
  it("comes with the session, and is told", () => {
    let told = 0;
    socket.close();
    socket = new LiveSocket("ws://here", around, () => {
      told += 1;
    });
    around.wire.greet();
    around.wire.end(4401);
    around.wind(600_000);
    around.network(true);
    expect([socket.state, told, around.wires.length]).toEqual(["ended", 1, 2]);
  });

  it("waits with one tab too many until others are closed", () => {
    around.wire.end(4409);
    expect(around.pauses).toEqual([30_000]);
  });

  it("is for good when it is asked for", () => {
    const states: string[] = [];
    socket.watch(() => states.push(socket.state));
    around.wire.greet();
    socket.close();
    around.wind(600_000);
    expect([states, around.wires.length, around.wire.closed]).toEqual([["open", "ended"], 1, true]);
  });
});

it("rests without a network, and is back at once with it", () => {
  around.wire.greet();
  around.network(false);
  expect([socket.state, around.wire.closed]).toEqual(["offline", true]);
  around.wind(600_000);
  expect(around.wires).toHaveLength(1);
  around.network(true);
  expect(around.wires).toHaveLength(2);
  around.wire.greet();
  expect(socket.state).toBe("open");
});

it("finds its service", () => {
  expect(liveUrl("platform", { origin: "https://a.example" })).toBe("wss://a.example/v1/live");
  expect(liveUrl("text", { origin: "http://127.0.0.1:8420" })).toBe("ws://127.0.0.1:8420/v1/text/live");
});
