"""What axe takes as serious on a page as it is now."""

from __future__ import annotations

from functools import cache

from bench.workspace import WEB
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Colours that are on their way from one to another are nobody's fault.
SETTLED = "() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))"
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"


@cache
def _source() -> str:
    return (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what is serious on the page once nothing moves on it, a line for each place."""
    # Evaluated by the browser's tools, so that the page's own policy need not allow it.
    page.evaluate(_source())
    page.evaluate(SETTLED)
    found = page.evaluate(RUN)
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
