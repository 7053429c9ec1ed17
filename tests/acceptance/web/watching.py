"""A person at the video surface, and the number that is painted into the frame they see."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from acceptance.web.labelling import PATIENCE_MS, Labeller
from clips.painted import BITS, CELL

# Reads the bars off the very canvas that people look at, once the page has drawn what it says it shows.
READ = """async ([bits, cell, patience]) => {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const end = performance.now() + patience;
  let frame = null;
  const isThere = () => frame && frame.dataset.shown === frame.dataset.frame && frame.dataset.shown !== "-1";
  while (!isThere()) {
    if (performance.now() > end) throw new Error(`the frame is not shown: ${JSON.stringify(frame?.dataset)}`);
    await drawn();
    frame = document.querySelector("[data-testid=frame]");
  }
  await drawn();
  const canvas = frame.querySelector("canvas");
  const { scale, left, top } = document.querySelector("[data-testid=view]").dataset;
  const ratio = canvas.width / canvas.clientWidth;
  const pen = canvas.getContext("2d");
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const x = (Number(left) + (bit + 0.5) * cell * Number(scale)) * ratio;
    const y = (Number(top) + 16 * Number(scale)) * ratio;
    const { data } = pen.getImageData(Math.round(x) - 1, Math.round(y) - 1, 3, 3);
    const sum = data.reduce((total, value, at) => (at % 4 === 3 ? total : total + value), 0);
    if (sum / 27 > 128) number += 2 ** bit;
  }
  return { number, frame: Number(frame.dataset.shown), source: frame.dataset.source };
}"""


class Watcher(Labeller):
    """Drives the page of a video project."""

    def see(self) -> dict[str, Any]:
        """Wait until the frame that is wanted is shown; return its number and the number painted into it."""
        return dict(self.page.evaluate(READ, [BITS, CELL, PATIENCE_MS]))

    def go_to(self, frame: int) -> None:
        """Type a frame number."""
        number = self.page.get_by_label("Frame number")
        number.fill(str(frame))
        number.press("Enter")

    def leave_fields(self) -> None:
        """Put the focus onto the frame, where keys are commands."""
        self.page.get_by_role("application").focus()

    def await_frame(self, frame: int) -> None:
        """Wait until a frame is shown."""
        expect(self.page.get_by_test_id("frame")).to_have_attribute(
            "data-shown", str(frame), timeout=PATIENCE_MS
        )


def watch(page: Page, project: str) -> Watcher:
    """Open a project's page on its first clip."""
    watcher = Watcher(page, project)
    watcher.open()
    watcher.see()
    return watcher
