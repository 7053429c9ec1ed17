"""Every screen in both themes, as WebP pictures in docs/screens: `python -m bench.screenshots`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page
from skimage import data

from annotary.demo.bundled import clips
from bench import browsing, screens_data, screens_review, web_dashboard, workspace
from bench.browsing import open_project, profile
from bench.report import ROOT, say
from bench.screens_new_project import new_project_screens
from bench.screens_ontology import ontology_screens
from bench.screens_work import work_screens
from bench.stand import installation
from bench.workspace import Person, Workspace

FOLDER = ROOT / "docs" / "screens"
QUALITY = 82
THEMES = ("dark", "light")
SETTLED_MS = 2_000
COUNTED = 20_000
Screen = tuple[str, Person | None, Callable[[Page], None]]

REVIEW = (
    "Ada Lovelace wrote to Charles Babbage from London in the summer of 1843. Her notes on the Analytical "
    "Engine are three times as long as the article by Luigi Menabrea that she translated, and hold what is "
    "often called the first published program: a way to compute Bernoulli numbers."
)
NAMES = {
    "tools": {"spans": {}, "relations": {}},
    "labels": [
        {"name": "person", "tools": ["spans"], "hotkey": "p"},
        {"name": "place", "tools": ["spans"]},
        {"name": "work", "tools": ["spans"]},
        {"name": "wrote to", "tools": ["relations"]},
    ],
}
MOOD = {
    "tools": {"classification": {}},
    "labels": [
        {"name": "praise", "description": "Says what is good."},
        {"name": "complaint", "attributes": [{"name": "urgent", "kind": "boolean"}]},
        {"name": "question"},
        {"name": "something else"},
    ],
}
OBJECTS = {
    "tools": {"box": {}, "polygon": {}, "mask": {}},
    "labels": [{"name": "face"}, {"name": "helmet"}, {"name": "flag"}, {"name": "model"}],
}
BETTER = {"tools": {"preference": {"strength_max": 3}}}
ORDER = {"tools": {"ranking": {}}}
TALK = {
    "tools": {"chat": {"scales": {"made up": None}}},
    "labels": [{"name": "helpful"}, {"name": "clear"}, {"name": "made up"}],
}
BETTER_TEXT = {"tools": {"rewrite": {}}}
GRADES = {
    "tools": {
        "rubric": {
            "criteria": [
                {"name": "correct", "weight": 3, "choices": ["wrong", "in part", "right"]},
                {"name": "clear", "scale": [1, 5]},
                {"name": "for a child", "scale": [1, 5]},
            ]
        }
    }
}


def main() -> None:
    """Start an installation with something of everything, and draw what people see."""
    lacking = workspace.missing()
    if lacking:
        raise SystemExit(lacking)
    workspace.build()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with installation() as stand, browsing.browser() as browser:
        place = Workspace(stand, stand.data_dir.parent)
        for name, person, act in screens(place):
            for theme in THEMES:
                draw(browser, place, f"{name}-{theme}", person, act, theme)


def draw(
    browser: Browser,
    place: Workspace,
    name: str,
    person: Person | None,
    act: Callable[[Page], None],
    theme: str,
) -> None:
    """Draw one screen into a file."""
    say(f"screenshots: {name}")
    context = profile(browser, place.url, person, color_scheme=theme)
    page = context.new_page()
    act(page)
    page.wait_for_timeout(SETTLED_MS)
    drawn = page.screenshot()
    context.close()
    Image.open(io.BytesIO(drawn)).save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


def screens(place: Workspace) -> Iterator[Screen]:
    """Yield every screen: its name, who sees it, and how they come to it."""
    projects = _projects(place)
    person = place.annotator(*projects.values())
    yield "sign-in", None, lambda page: _go(page, "/sign-in")
    yield "projects", person, lambda page: _go(page, "/")
    yield "settings", person, lambda page: _go(page, "/settings")
    yield "health", person, lambda page: _go(page, "/health")
    yield from work_screens(place)
    yield from ontology_screens(place)
    yield from new_project_screens(place)
    for name, project in projects.items():
        yield f"annotate-{name}", person, lambda page, project=project: open_project(page, project)
    spans = projects["spans"]
    yield "keys", person, lambda page: _press(page, spans, "?")
    yield "palette", person, lambda page: _press(page, spans, "Control+k")
    yield "skip", person, lambda page: _press(page, spans, "s")
    counted = web_dashboard.made_project(place, COUNTED)
    yield "overview", place.owner, lambda page: _go(page, f"/projects/{counted}")
    yield "jobs", place.owner, lambda page: _go(page, "/jobs")
    yield "webhooks", place.owner, lambda page: _go(page, "/webhooks")
    yield from screens_data.screens(place, _image(place, 12), OBJECTS, {"box": BOXES})
    yield from screens_review.screens(place, _image(place, 12), REVIEW, NAMES)


def _go(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector("h1, h2")


def _press(page: Page, project: str, key: str) -> None:
    open_project(page, project)
    page.keyboard.press(key)


def _projects(place: Workspace) -> dict[str, str]:
    """Make a project of each kind, named by what is done in it."""
    made = place.make_project
    mails = ["Where is my parcel? It was due on Monday.", "What a lovely shop, thank you!", "It came broken."]
    pair = {"prompt": PROMPT, "a": LONG_REPLY, "b": SHORT_REPLY}
    texts, photographs = _texts(mails * 4), _image(place, 8)
    letters, names = _texts([REVIEW] * 8), _each(8, {"spans": _names()})
    pairs = [{"unique_id": f"pair-{n}", **pair} for n in range(8)]
    boxes = _each(8, {"box": BOXES}, "photo")
    return {
        "classes": made("text", MOOD, texts, name="What is the mail about?", instructions=GUIDE),
        "spans": made("text", NAMES, letters, names, name="People, places, works", instructions=GUIDE),
        "preference": made("text", BETTER, pairs, name="The better explanation", instructions=GUIDE),
        "ranking": made("text", ORDER, _rows(RANKED), name="From best to worst", instructions=GUIDE),
        "chat": made("text", TALK, _rows({"messages": MESSAGES}), name="How was the reply?"),
        "rewrite": made("text", BETTER_TEXT, _rows(REPLY), name="Say it better", instructions=GUIDE),
        "rubric": made("text", GRADES, _rows(REPLY), name="Grade the reply", instructions=GUIDE),
        "image": made("image", OBJECTS, photographs, boxes, name="Astronauts", instructions=GUIDE),
        "video": _clips(place),
    }


def _clips(place: Workspace) -> str:
    """Make a project of the demo's clips, with tracks as a model may suggest them."""
    sample = clips()
    tools = {**sample.definition["tools"], "segments": {}}
    definition = {"tools": tools, "labels": [*sample.definition["labels"], {"name": "looks away"}]}
    items = [
        {"unique_id": item.unique_id, "asset": place.asset(item.file.read_bytes(), "video/mp4")}
        for item in sample.items
        if item.file is not None
    ]
    return place.make_project(
        "video",
        definition,
        items,
        {name: dict(truth) for name, truth in sample.truth.items()},
        name=sample.name,
    )


GUIDE = "Read the whole text first.\n\nMark every person, place and work, also where the name comes again."
LONG_REPLY = (
    "Sunlight is made of all colours. The air scatters the blue ones most, so blue comes from everywhere."
)
SHORT_REPLY = "Because of Rayleigh scattering, which goes with the inverse fourth power of the wavelength."
PROMPT = "Explain why the sky is blue, to a child of six."
REPLY = {"prompt": PROMPT, "text": SHORT_REPLY}
RANKED = {"prompt": PROMPT, "candidates": [LONG_REPLY, SHORT_REPLY, "Because it mirrors the sea."]}
MESSAGES = [
    {"role": "user", "content": "Where is my parcel? It was due on Monday."},
    {
        "role": "assistant",
        "content": "I am sorry. It left on Friday and is at the post office now.",
    },
    {"role": "user", "content": "Can I fetch it there?"},
    {"role": "assistant", "content": "Yes, from ten o'clock tomorrow, with the number in our mail."},
]
BOXES = [
    {"label": "face", "x": 176.0, "y": 70.0, "width": 96.0, "height": 122.0},
    {"label": "helmet", "x": 300.0, "y": 268.0, "width": 208.0, "height": 220.0},
]


def _texts(texts: list[str]) -> list[dict[str, Any]]:
    return [{"unique_id": f"mail-{n}", "text": text} for n, text in enumerate(texts)]


def _each(count: int, answer: dict[str, Any], name: str = "mail") -> dict[str, dict[str, Any]]:
    return {f"{name}-{n}": answer for n in range(count)}


def _names() -> list[dict[str, Any]]:
    found = [("person", "Ada Lovelace"), ("person", "Charles Babbage"), ("place", "London")]
    return [
        {"label": label, "start": REVIEW.index(name), "end": REVIEW.index(name) + len(name)}
        for label, name in found
    ]


def _image(place: Workspace, count: int) -> list[dict[str, Any]]:
    file = io.BytesIO()
    Image.fromarray(data.astronaut()).save(file, "png")
    asset = place.asset(file.getvalue(), "image/png")
    return [{"unique_id": f"photo-{n}", "asset": asset} for n in range(count)]


def _rows(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"unique_id": f"row-{n}", **payload} for n in range(8)]


if __name__ == "__main__":
    main()
