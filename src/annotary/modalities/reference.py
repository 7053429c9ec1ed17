"""Renders docs/label-types.md from the label types themselves: python -m annotary.modalities.reference."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import msgspec

from annotary.modalities.label_type import LabelType
from annotary.modalities.registry import label_types, modalities

_INTRODUCTION = """# Label types

This page is written by `python -m annotary.modalities.reference > docs/label-types.md`; a test holds it to
the code.

An **answer** is one JSON object with a key for each tool (label type) that was used:

```json
{"box": [{"label": "car", "x": 12.5, "y": 200.0, "width": 180.0, "height": 96.25}], "justification": "..."}
```

Beside the tools it may carry `"not_applicable": true`, `"cannot_assess": true` (then no tool is required) and
a `"justification"` of up to 10,000 characters. Every value is a list of annotations, save those of
`preference`, `ranking`, `rewrite` and `rubric`. Every annotation has a `label` of the ontology, and
`attributes` where the label asks for some:

| kind | value | canonical |
|---|---|---|
| `choice` | one of the choices; with `multiple`, a list of them | a list in the ontology's order |
| `number` | a finite number within `minimum` and `maximum` | a float |
| `text` | up to 10,000 characters, no NUL | as given |
| `boolean` | `true` or `false` | as given |

An attribute with a `default` that is left out is stored at its default; an empty text or an empty list is the
same as none, unless there is a default.

What is stored is the **canonical answer**: fixed key order, no white space, empty and default fields left
out, marks in a fixed order, coordinates as floats. Answers that mean the same have the same bytes and the
same content hash (BLAKE3). An answer that does not fit is refused with the code `invalid_answer`, the path of
what is wrong (such as `/answer/box/3/width`), what was found and what was expected. How several answers
become one is told in [consensus-of-shapes.md](consensus-of-shapes.md).
"""


def render() -> str:
    """Return the whole page as Markdown."""
    sections = [_INTRODUCTION]
    for modality in modalities():
        sections.append(f"\n## {modality.capitalize()}\n")
        sections += [_section(label_type) for label_type in label_types(modality).values()]
    return "".join(sections)


def _section(label_type: LabelType) -> str:
    package = import_module(f"annotary.modalities.{label_type.modality}.{label_type.name}")
    example = label_type.example
    return "\n".join(
        (
            f"\n### {label_type.modality}: {label_type.name}\n",
            f"{(package.__doc__ or '').strip()}\n",
            f"Settings: {_settings(label_type)}.\n",
            "With the item",
            _block(example.item),
            "and the ontology",
            _block(example.definition),
            "an answer is",
            _block({label_type.name: example.value}),
        )
    )


def _settings(label_type: LabelType) -> str:
    defaults = msgspec.to_builtins(label_type.settings_type())
    return ", ".join(
        f"`{name}` (default `{msgspec.json.encode(default).decode()}`)" for name, default in defaults.items()
    )


def _block(document: Any) -> str:
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return f"\n```json\n{text}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(render())
