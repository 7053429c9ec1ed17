/** Topics as values of components: the latest state of the right subject, notices once, nothing after the end. */

import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it } from "vitest";
import { FakeBrowser } from "./browser_by_hand";
import { LiveContext, useLinkState, useLiveSocket, useTopicState } from "./useLive";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
const place = document.createElement("div");
document.body.append(place);
let root = createRoot(place);
let around: FakeBrowser;
let noticed: string[];

function Page({ service, children }: { readonly service: string | null; readonly children: ReactNode }) {
  const socket = useLiveSocket(service, () => noticed.push("signed out"), around);
  return <LiveContext value={socket}>{children}</LiveContext>;
}

function Project({ id }: { readonly id: string | null }) {
  const state = useTopicState("project", id, (notice) => noticed.push(notice.kind));
  return (
    <p>
      {useLinkState()} {state?.name ?? "unknown"}
    </p>
  );
}

const draw = (id: string | null, service: string | null = "text") =>
  act(() =>
    root.render(
      <Page service={service}>
        <Project id={id} />
      </Page>,
    ),
  );
const shown = () => place.textContent;
const tell = (message: object) => act(() => around.wire.tell(message));
const state = (id: string, name: string) => ({
  type: "state",
  topic: `project:${id}`,
  seq: "s",
  data: { name },
});

beforeEach(() => {
  act(() => root.unmount());
  root = createRoot(place);
  around = new FakeBrowser();
  noticed = [];
});

it("shows a topic's state, and of the next subject nothing until it is known", () => {
  draw("prj_1");
  expect(shown()).toBe("connecting unknown");
  act(() => around.wire.greet());
  tell(state("prj_1", "one"));
  expect(shown()).toBe("open one");
  draw("prj_2");
  expect(shown()).toBe("open unknown");
  tell(state("prj_1", "late"));
  expect(shown()).toBe("open unknown");
  tell(state("prj_2", "two"));
  expect(shown()).toBe("open two");
  tell({ type: "refused", topic: "project:prj_2", code: "not_found", detail: "" });
  expect(shown()).toBe("open unknown");
  expect(around.wire.said).toEqual([
    { type: "subscribe", topic: "project:prj_1" },
    { type: "unsubscribe", topic: "project:prj_1" },
    { type: "subscribe", topic: "project:prj_2" },
  ]);
});

it("passes notices on, and says when the session is over", () => {
  draw("prj_1");
  act(() => around.wire.greet());
  tell({ type: "notice", topic: "project:prj_1", seq: "n", data: { kind: "work_available" } });
  act(() => around.wire.end(4401));
  expect(noticed).toEqual(["work_available", "signed out"]);
  expect(shown()).toBe("ended unknown");
});

it("has one socket, that of the service shown", () => {
  draw("prj_1");
  const first = around.wire;
  draw("prj_2");
  expect(around.wires).toHaveLength(1);
  draw("prj_2", "image");
  expect([around.wires.length, first.closed]).toEqual([2, true]);
  draw("prj_2", null);
  expect([around.wires.length, around.wire.closed, shown()]).toEqual([2, true, "ended unknown"]);
});
