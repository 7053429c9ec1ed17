"""Label Studio's labelling configurations: XML of object tags, control tags and what they ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

from annotary.kernel.limits import ONTOLOGY_BYTES_MAX
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.peers.gathering import Gathering, text_default
from annotary.ontology.peers.questions import Question, add_questions
from annotary.ontology.peers.values import Imported, Modality
from annotary.ontology.values import Attribute

_OBJECTS: dict[str, Modality] = {
    "Image": "image",
    "Video": "video",
    "Text": "text",
    "HyperText": "text",
    "Paragraphs": "text",
}
# Control tags that hold labels, by modality, with our tool.
_LABELLED: dict[str, dict[str, str]] = {
    "image": {
        "RectangleLabels": "box",
        "PolygonLabels": "polygon",
        "BrushLabels": "mask",
        "BitmaskLabels": "mask",
    },
    "video": {"TimelineLabels": "segments"},
    "text": {"Labels": "spans", "HyperTextLabels": "spans", "ParagraphLabels": "spans"},
}
# Shapes without labels of their own: those of <Labels> beside them are meant.
_SHAPES: dict[str, dict[str, str]] = {
    "image": {"Rectangle": "box", "Polygon": "polygon", "Brush": "mask", "Bitmask": "mask"},
    "video": {"VideoRectangle": "tracks"},
    "text": {},
}
_LOOKS = ("View", "Header", "Style", "Label", "Choice", "Collapse", "Panel", "Shortcut", "Filter", "Table")
_ASKING = ("Choices", "Taxonomy", "TextArea", "Number", "Rating")


class _Element(NamedTuple):
    """A tag with its place (`/View/Choices[2]`) and the labels that the tags around it restrict it to."""

    tag: str
    path: str
    node: ElementTree.Element
    when: str | None


def read(document: str) -> Imported:
    """Read a configuration; raises InvalidOntology where it is not XML or has nothing that we label."""
    elements = list(_walk(_root(document), "", None))
    objects = [(one, _OBJECTS[one.tag]) for one in elements if one.tag in _OBJECTS]
    if not objects:
        tags = ", ".join(sorted({one.tag for one in elements}))
        raise InvalidOntology(path="/", found=tags, expected=f"one of {', '.join(_OBJECTS)}")
    modality = objects[0][1]
    gathered = Gathering()
    for one, other in objects[1:]:
        gathered.lose(one.path, f"a further object{'' if other == modality else f' ({other})'}")
    _labels(gathered, elements, modality)
    marked = gathered.labels()
    questions = [found for one in elements if (found := _item_question(gathered, one, modality))]
    _comparisons(gathered, elements, modality)
    add_questions(gathered, questions)
    for one in elements:
        if one.tag in _ASKING and _per_region(one):
            _region_question(gathered, one, marked)
        elif one.tag not in (*_known(modality), *_ASKING, *_OBJECTS, *_LOOKS):
            gathered.lose(one.path, f"the tag {one.tag}: there is nothing like it in {modality}")
    return gathered.finish(modality)


def _root(document: str) -> ElementTree.Element:
    if len(document) > ONTOLOGY_BYTES_MAX:
        raise InvalidOntology(
            path="", found=f"{len(document)} characters", expected=f"at most {ONTOLOGY_BYTES_MAX}"
        )
    if "<!DOCTYPE" in document or "<!ENTITY" in document:
        # Entities can make a short text huge, or point at files.
        raise InvalidOntology(path="", found="a document type", expected="plain XML without entities")
    try:
        return ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise InvalidOntology(path="", found=str(error), expected="well-formed XML") from None


def _walk(node: ElementTree.Element, path: str, when: str | None) -> Iterator[_Element]:
    if not path:
        path = f"/{node.tag}"
    when = node.get("whenLabelValue") or when
    yield _Element(str(node.tag), path, node, when)
    count: dict[str, int] = {}
    for child in node:
        count[str(child.tag)] = count.get(str(child.tag), 0) + 1
        yield from _walk(child, f"{path}/{child.tag}[{count[str(child.tag)]}]", when)


def _known(modality: Modality) -> tuple[str, ...]:
    compared = ("Pairwise", "Ranker", "List") if modality == "text" else ()
    return (*_LABELLED[modality], *_SHAPES[modality], "Labels", *compared)


def _labels(gathered: Gathering, elements: list[_Element], modality: Modality) -> None:
    beside = list(
        dict.fromkeys(_SHAPES[modality][one.tag] for one in elements if one.tag in _SHAPES[modality])
    )
    for one in elements:
        tool = _LABELLED[modality].get(one.tag)
        tools = [tool] if tool else beside if one.tag == "Labels" else []
        if one.tag == "Labels" and not tools:
            gathered.lose(one.path, f"its labels: no shape in {modality} goes with them")
        if not tools:
            continue
        if one.node.get("choice") == "multiple":
            gathered.lose(f"{one.path}/@choice", "that a mark may have several labels")
        if one.node.get("value"):
            gathered.lose(f"{one.path}/@value", "labels that each task brings along")
        for index, label in enumerate(one.node.iter("Label"), 1):
            _label(gathered, f"{one.path}/Label[{index}]", label.attrib, tools)


def _label(gathered: Gathering, path: str, found: Mapping[str, str], tools: list[str]) -> None:
    for field, what in (("alias", "the name in exports"), ("maxUsages", "how often it may be used")):
        if found.get(field):
            gathered.lose(f"{path}/@{field}", f"{what}: {found[field]}")
    gathered.label(
        path,
        found.get("value", ""),
        tools,
        colour=found.get("background"),
        hotkey=found.get("hotkey"),
        description=found.get("hint"),
    )


def _per_region(one: _Element) -> bool:
    return one.node.get("perRegion") == "true"


def _flag(node: ElementTree.Element, name: str) -> bool:
    return node.get(name) == "true"


def _options(one: _Element) -> list[tuple[str, str, str | None]]:
    """Return path, name and parent's name of every choice, nested ones after what they are nested in."""
    found: list[tuple[str, str, str | None]] = []

    def visit(node: ElementTree.Element, path: str, parent: str | None) -> None:
        for index, child in enumerate(node.findall("Choice"), 1):
            name, place = child.get("value", ""), f"{path}/Choice[{index}]"
            found.append((place, name, parent))
            visit(child, place, name)

    visit(one.node, one.path, None)
    return found


def _item_question(gathered: Gathering, one: _Element, modality: Modality) -> Question | None:
    if one.tag not in _ASKING or _per_region(one):
        return None
    name = one.node.get("name", one.tag)
    if one.tag == "Rating":
        gathered.label(one.path, name, ["ordinal"])
        levels = int(_number(one, "maxRating") or 5)
        settings = {"maximum": levels, "complete": False, "required": _flag(one.node, "required")}
        if gathered.tools["ordinal"] and gathered.tools["ordinal"] != settings:
            gathered.lose(one.path, f"the scale of {name}: ratings share the first one")
        gathered.tools["ordinal"] = gathered.tools["ordinal"] or settings
        return None
    if one.tag in ("TextArea", "Number") or modality == "video":
        gathered.lose(one.path, f"the question {name} about the whole item ({one.tag})")
        return None
    multiple = one.tag == "Taxonomy" or one.node.get("choice") == "multiple"
    return Question(one.path, name, _options(one), multiple, _flag(one.node, "required"))


def _region_question(gathered: Gathering, one: _Element, marked: list[str]) -> None:
    """Ask something of each mark; `whenLabelValue` says of which labels."""
    labels = [name for name in marked if not one.when or name in one.when.split(",")]
    if one.when and not labels:
        gathered.lose(one.path, f"a question about {one.when}, which is no label")
    if one.node.get("visibleWhen") in ("choice-selected", "choice-unselected"):
        gathered.lose(f"{one.path}/@visibleWhen", "that it is asked only after some choice")
    attribute: dict[str, Any] = {
        "name": gathered.name(one.path, one.node.get("name", one.tag)),
        "required": _flag(one.node, "required"),
    }
    if one.tag in ("Choices", "Taxonomy"):
        options = _options(one)
        if any(parent for _, _, parent in options):
            gathered.lose(one.path, "the tree of its choices")
        choices = tuple(dict.fromkeys(gathered.name(path, name) for path, name, _ in options))
        multiple = one.tag == "Taxonomy" or one.node.get("choice") == "multiple"
        attribute |= {"kind": "choice", "choices": choices, "multiple": multiple}
        if not choices:
            gathered.lose(one.path, "its choices, which each task brings along")
            return
    elif one.tag == "TextArea":
        attribute |= {"kind": "text", "default": text_default(one.node.get("value"))}
    elif one.tag == "Rating":
        attribute |= {"kind": "number", "minimum": 1.0, "maximum": _number(one, "maxRating") or 5.0}
    else:
        fields = {"minimum": "min", "maximum": "max", "default": "defaultValue"}
        bounds = {ours: _number(one, theirs) for ours, theirs in fields.items()}
        attribute |= {"kind": "number", **bounds}
    gathered.attribute(one.path, labels, Attribute(**attribute))


def _number(one: _Element, field: str) -> float | None:
    value = one.node.get(field)
    if not value:
        return None
    try:
        return float(value)
    except ValueError:
        raise InvalidOntology(path=f"{one.path}/@{field}", found=value, expected="a number") from None


def _comparisons(gathered: Gathering, elements: list[_Element], modality: Modality) -> None:
    if modality != "text":
        return
    for one in elements:
        if one.tag == "Pairwise":
            gathered.tools["preference"] = {"ties": True}
        elif one.tag in ("Ranker", "List"):
            gathered.tools["ranking"] = {}
