"""What a person types while labelling a text in the terminal, as steps towards an answer. Pure.

2                    the second class (again: not that one); with attributes: 2 certainty=0.8
2>1=3                a ranking: the second is best, the first and the third share the next place
tone 4               a rating of the label (as with spans); of the only label: 4
a, b, t              the first reply, the second, a tie; b2 is stronger where strengths are asked for
4-12 person          a span from character 4 up to 12; the label by name, its beginning, or its number
w3, w3-5 person      a span of the third word, or of the third to the fifth
n, x                 not applicable; cannot be assessed
j because ...        a justification
u                    take the last step back
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

Answer = dict[str, Any]
SPAN = re.compile(r"(?P<word>w)?(?P<start>\d+)(?:-(?P<end>\d+))?(?:\s+(?P<rest>.*))?", re.DOTALL)
PREFERENCE = re.compile(r"(?P<choice>[abt])(?P<strength>\d+)?")
RANKING = re.compile(r"\d+(?:\s*[>=]\s*\d+)+")
RATING = re.compile(r"(?:(?P<label>.+?)\s+)?(?P<level>-?\d+)", re.DOTALL)
YES, NO = ("yes", "y", "true"), ("no", "n", "false")


class NotUnderstood(ValueError):
    """What was typed fits nothing; the message says what would."""


class TypedAnswer:
    """An answer in the making. Every step that changed it can be taken back."""

    def __init__(self, definition: Mapping[str, Any], item: Mapping[str, Any]) -> None:
        self.tools: Mapping[str, Any] = definition["tools"]
        self.text: str = item.get("text", "")
        self.candidates: Sequence[str] = item.get("candidates", ())
        self._labels: Sequence[Mapping[str, Any]] = definition.get("labels", [])
        self._steps: list[Answer] = [{}]

    @property
    def answer(self) -> Answer:
        """The answer so far."""
        return self._steps[-1]

    @property
    def words(self) -> list[tuple[int, int]]:
        """Where the words of the text begin and end, in code points."""
        return [match.span() for match in re.finditer(r"\S+", self.text)]

    def labels(self, tool: str) -> list[Mapping[str, Any]]:
        """Return the labels that a tool may use, in the ontology's order."""
        return [label for label in self._labels if not label.get("tools") or tool in label["tools"]]

    def undo(self) -> bool:
        """Take the last step back; returns whether there was one."""
        if len(self._steps) == 1:
            return False
        self._steps.pop()
        return True

    def type(self, line: str) -> None:
        """Take what was typed as the next step; raises NotUnderstood."""
        words = line.strip()
        step: Answer = dict(self.answer)
        if words in ("n", "x"):
            key = "not_applicable" if words == "n" else "cannot_assess"
            step = {key: True} | ({"justification": step["justification"]} if "justification" in step else {})
        elif words.startswith("j ") and words[2:].strip():
            step["justification"] = words[2:].strip()
        elif "preference" in self.tools and (found := PREFERENCE.fullmatch(words)):
            step["preference"] = self._preference(found["choice"], found["strength"])
        elif "ranking" in self.tools and RANKING.fullmatch(words):
            step["ranking"] = self._ranking(words)
        elif "ordinal" in self.tools and (found := self._rating_typed(words)):
            step["ordinal"] = self._ratings(found, step.get("ordinal", []))
        elif "spans" in self.tools and (found := SPAN.fullmatch(words)) and (found["word"] or found["end"]):
            step["spans"] = [*step.get("spans", []), self._span(found)]
        elif "classification" in self.tools and words:
            step["classification"] = self._classes(words, step.get("classification", []))
        else:
            raise NotUnderstood("Type ? to see what can be typed.")
        self._steps.append(step)

    def _preference(self, choice: str, strength: str | None) -> Answer:
        settings = self.tools["preference"]
        if choice == "t":
            if not settings.get("ties", True):
                raise NotUnderstood("This project takes no ties: a or b.")
            return {"choice": "tie"}
        most = settings.get("strength_max", 1)
        if strength is not None and not 1 <= int(strength) <= most:
            raise NotUnderstood(f"The strength goes from 1 to {most}.")
        return {"choice": choice} | ({"strength": int(strength)} if strength else {})

    def _ranking(self, words: str) -> Answer:
        tiers = [[int(one) - 1 for one in tier.split("=")] for tier in words.split(">")]
        ranked = sorted(one for tier in tiers for one in tier)
        if ranked != list(range(len(self.candidates))):
            raise NotUnderstood(f"Rank each of 1 to {len(self.candidates)} once, such as 2>1=3.")
        if not self.tools["ranking"].get("ties", True) and any(len(tier) > 1 for tier in tiers):
            raise NotUnderstood("This project takes no ties: only >.")
        return {"tiers": tiers}

    def _rating_typed(self, words: str) -> re.Match[str] | None:
        """Return what reads as a rating; a lone number is one only where one label can be meant."""
        found = RATING.fullmatch(words)
        return found if found and (found["label"] or len(self.labels("ordinal")) == 1) else None

    def _ratings(self, found: re.Match[str], rated: Sequence[Answer]) -> list[Answer]:
        label, level = self._label(found["label"] or "", "ordinal")["label"], int(found["level"])
        low, high = self.scale(label)
        if not low <= level <= high:
            raise NotUnderstood(f"{label} goes from {low} to {high}.")
        return [*(one for one in rated if one["label"] != label), {"label": label, "level": level}]

    def scale(self, label: str) -> tuple[int, int]:
        """Return the lowest and the highest level of a label."""
        settings = self.tools["ordinal"]
        scale = settings.get("scales", {}).get(label, settings)
        return scale.get("minimum", 1), scale.get("maximum", 5)

    def _span(self, found: re.Match[str]) -> Answer:
        first, last = int(found["start"]), int(found["end"] or found["start"])
        if found["word"]:
            if not 1 <= first <= last <= len(self.words):
                raise NotUnderstood(f"The words go from 1 to {len(self.words)}.")
            start, end = self.words[first - 1][0], self.words[last - 1][1]
        else:
            start, end = first, last
            if not 0 <= start < end <= len(self.text):
                raise NotUnderstood(
                    f"A span lies between 0 and {len(self.text)}, and its end is after its start."
                )
        return {**self._label(found["rest"] or "", "spans"), "start": start, "end": end}

    def _classes(self, words: str, chosen: Sequence[Answer]) -> list[Answer]:
        mark = self._label(words, "classification")
        others = [one for one in chosen if one["label"] != mark["label"]]
        if not self.tools["classification"].get("multiple", False):
            return [mark]
        return others if len(others) < len(chosen) else [*others, mark]

    def _label(self, words: str, tool: str) -> Answer:
        """Return the mark of a label, named by number, name or beginning, with `attribute=value` behind."""
        labels = self.labels(tool)
        try:
            named, *pairs = shlex.split(words) or [""]
        except ValueError as error:
            raise NotUnderstood(f"{words!r}: {error}.") from None
        if named.isdigit() and 1 <= int(named) <= len(labels):
            label = labels[int(named) - 1]
        elif not named and len(labels) == 1:
            label = labels[0]
        else:
            label = _named(named, labels)
        attributes = dict(_attribute(pair, label) for pair in pairs)
        return {"label": label["name"]} | ({"attributes": attributes} if attributes else {})


def _named(named: str, labels: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    fitting = [label for label in labels if label["name"].lower() == named.lower()]
    fitting = fitting or [
        label for label in labels if named and label["name"].lower().startswith(named.lower())
    ]
    if len(fitting) != 1:
        names = ", ".join(f"{at} {label['name']}" for at, label in enumerate(labels, 1))
        raise NotUnderstood(f"{named!r} fits {'several labels' if fitting else 'no label'} of: {names}.")
    return fitting[0]


def _attribute(pair: str, label: Mapping[str, Any]) -> tuple[str, Any]:
    name, equals, value = pair.partition("=")
    known = {one["name"]: one for one in label.get("attributes", [])}
    if not equals or name not in known:
        raise NotUnderstood(f"{pair!r}: expected attribute=value with one of: {', '.join(known) or 'none'}.")
    about = known[name]
    if about["kind"] == "number":
        try:
            return name, float(value)
        except ValueError:
            raise NotUnderstood(f"{name} is a number.") from None
    if about["kind"] == "boolean":
        if value.lower() not in YES + NO:
            raise NotUnderstood(f"{name} is yes or no.")
        return name, value.lower() in YES
    return name, value.split(",") if about.get("multiple") else value
