"""Definitions of other programs are read as ours, and what is lost is said."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.definitions import check_definition
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.peers.reading import read
from annotary.ontology.peers.values import Imported

LABEL_STUDIO_IMAGE = """
<View>
  <Header value="Cars"/>
  <Image name="image" value="$image" zoom="true"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Car" background="#FFA39E" hotkey="c" hint="Anything that drives"/>
    <Label value="Plane" background="blue" maxUsages="2"/>
  </RectangleLabels>
  <KeyPointLabels name="points" toName="image"><Label value="Nose"/></KeyPointLabels>
  <Choices name="colour" toName="image" perRegion="true" choice="single" required="true" whenLabelValue="Car">
    <Choice value="red"/><Choice value="green"/>
  </Choices>
  <TextArea name="plate" toName="image" perRegion="true"/>
  <Choices name="weather" toName="image" choice="multiple">
    <Choice value="sun"/><Choice value="rain"><Choice value="drizzle"/></Choice>
  </Choices>
</View>
"""
LABEL_STUDIO_VIDEO = """
<View><Video name="v" value="$video"/><VideoRectangle name="box" toName="v"/>
<Labels name="l" toName="v"><Label value="Cell" background="rgba(148, 75, 255, 0.4)"/></Labels>
<Choices name="quality" toName="v"><Choice value="good"/></Choices></View>
"""
LABEL_STUDIO_TEXT = """
<View><Text name="t" value="$text"/>
<Labels name="l" toName="t"><Label value="PER"/><Label value="LOC"/></Labels>
<Relations/><Rating name="stars" toName="t" maxRating="7"/><Pairwise name="p" toName="t,u"/></View>
"""
CVAT = [
    {
        "name": "car",
        "id": 3,
        "color": "#ff6037",
        "type": "rectangle",
        "attributes": [
            {
                "name": "kind",
                "mutable": False,
                "input_type": "select",
                "default_value": "sedan",
                "values": ["sedan", "van"],
            },
            {
                "name": "parked",
                "mutable": True,
                "input_type": "checkbox",
                "default_value": "false",
                "values": ["false"],
            },
            {
                "name": "age",
                "mutable": False,
                "input_type": "number",
                "default_value": "1",
                "values": ["0", "9", "1"],
            },
            {"name": "text", "mutable": False, "input_type": "text", "default_value": "", "values": [""]},
        ],
    },
    {"name": "person", "type": "skeleton", "svg": "<line/>", "sublabels": [{"name": "1", "type": "points"}]},
    {"name": "lane", "color": "red", "type": "any", "attributes": []},
]
COCO = {
    "categories": [
        {
            "id": 1,
            "name": "person",
            "supercategory": "person",
            "keypoints": ["nose", "left_eye"],
            "skeleton": [[1, 2]],
        },
        {"id": 18, "name": "dog", "supercategory": "animal", "color": [0, 82, 0], "isthing": 1},
        {"id": 119, "name": "flower", "supercategory": "plant", "isthing": 0},
    ],
    "annotations": [
        {"bbox": [1, 2, 3, 4], "segmentation": []},
        {"segmentation": {"counts": [1], "size": [1, 1]}},
    ],
}
LABELBOX = {
    "tools": [
        {
            "schemaNodeId": "a",
            "featureSchemaId": "b",
            "tool": "rectangle",
            "name": "Vehicle",
            "color": "#1CE6FF",
            "required": True,
            "classifications": [
                {
                    "type": "radio",
                    "name": "make",
                    "instructions": "make",
                    "required": True,
                    "options": [
                        {
                            "label": "VW",
                            "value": "vw",
                            "options": [{"type": "text", "name": "model", "required": True, "options": []}],
                        },
                        {"label": "BMW", "value": "bmw", "options": []},
                    ],
                },
                {"type": "checklist", "name": "extras", "options": [{"label": "roof", "value": "roof"}]},
            ],
        },
        {"tool": "line", "name": "Lane", "color": "#FF34FF", "classifications": []},
    ],
    "classifications": [
        {"type": "radio", "name": "weather", "required": True, "options": [{"label": "sun", "value": "sun"}]},
        {"type": "text", "name": "note", "options": []},
    ],
}


def imported(document: Any, **how: Any) -> Imported:
    """Read a document, and check what came of it as it would be before it is published."""
    content = document if isinstance(document, str) else json.dumps(document)
    found = read(content.encode(), **how)
    check_definition(found.modality, found.definition)
    return found


def shape(found: Imported) -> dict[str, Any]:
    """A definition in short: tools and attributes of each label."""
    every = tuple(found.definition.tools)
    return {
        label.name: (label.tools or every, [f"{one.name}:{one.kind}" for one in label.attributes])
        for label in found.definition.labels
    }


def losses(found: Imported) -> str:
    """What is lost, a line each."""
    return "\n".join(f"{loss.path} {loss.what}" for loss in found.losses)


def test_label_studio_of_images() -> None:
    found = imported(LABEL_STUDIO_IMAGE)
    assert shape(found) == {
        "Car": (("box",), ["colour:choice", "plate:text"]),
        "Plane": (("box",), ["plate:text"]),
        "sun": (("classification",), []),
        "rain": (("classification",), []),
        "drizzle": (("classification",), []),
    }
    car, plane, *_, drizzle = found.definition.labels
    assert (car.colour, car.hotkey, car.description) == ("#FFA39E", "c", "Anything that drives")
    assert (plane.colour, drizzle.parent) == ("#0000ff", "rain")
    assert (car.attributes[0].choices, car.attributes[0].required) == (("red", "green"), True)
    assert found.definition.tools["classification"] == {"multiple": True, "required": False}
    assert "KeyPointLabels" in losses(found)
    assert "maxUsages" in losses(found)


def test_label_studio_of_videos_and_texts() -> None:
    video = imported(LABEL_STUDIO_VIDEO)
    assert shape(video) == {"Cell": (("tracks",), [])}
    assert (video.modality, video.definition.labels[0].colour) == ("video", "#944bff")
    assert "quality" in losses(video)
    text = imported(LABEL_STUDIO_TEXT)
    assert shape(text) == {"PER": (("spans",), []), "LOC": (("spans",), []), "stars": (("ordinal",), [])}
    assert text.definition.tools["ordinal"]["maximum"] == 7
    assert "preference" in text.definition.tools
    assert "Relations" in losses(text)


def test_cvat_of_images_and_videos() -> None:
    image = imported(CVAT)
    assert shape(image) == {
        "car": (("box",), ["kind:choice", "parked:boolean", "age:number", "text:text"]),
        "lane": (("box", "polygon", "mask", "classification"), []),
    }
    kind, parked, age, text = image.definition.labels[0].attributes
    assert (kind.default, parked.default, age.default, text.default) == ("sedan", False, 1.0, None)
    assert (age.minimum, age.maximum, parked.per) == (0.0, 9.0, "mark")
    assert "skeleton" in losses(image)
    assert "steps of 1" in losses(image)
    video = imported(CVAT, modality="video")
    assert [one.per for one in video.definition.labels[0].attributes] == ["mark", "frame", "mark", "mark"]


def test_coco_with_keypoints() -> None:
    found = imported(COCO)
    assert list(found.definition.tools) == ["box", "mask"]
    labels = {label.name: label for label in found.definition.labels}
    assert (labels["dog"].parent, labels["dog"].colour) == ("animal", "#005200")
    assert labels["animal"].retired
    assert labels["person"].parent is None
    assert "the 2 points of person" in losses(found)
    assert "stuff" in losses(found)
    assert "numbers" in losses(found)


def test_coco_in_a_circle() -> None:
    circle = [{"id": 1, "name": "a", "supercategory": "b"}, {"id": 2, "name": "b", "supercategory": "a"}]
    assert "which is below it" in losses(imported(circle))


def test_labelbox_with_nested_questions() -> None:
    found = imported(LABELBOX)
    assert shape(found) == {
        "Vehicle": (("box",), ["make:choice", "model:text", "extras:choice"]),
        "sun": (("classification",), []),
    }
    make, model, extras = found.definition.labels[0].attributes
    assert (make.required, model.required, extras.multiple) == (True, False, True)
    for word in ("Lane", "only where VW was chosen", "note", "only tools can be required"):
        assert word in losses(found)


REFUSED = [
    "<View><Image name='i' value='$i'/></View>",
    "<View><Audio name='a' value='$a'/></View>",
    "<View>",
    "<!DOCTYPE x [<!ENTITY e 'x'>]><View><Image name='i'/></View>",
    "not json",
    "[1]",
    "{}",
    '{"categories": 3}',
]


@pytest.mark.parametrize("document", REFUSED)
def test_what_is_no_definition_is_refused(document: str) -> None:
    with pytest.raises(InvalidOntology):
        read(document.encode())


@st.composite
def spoilt(draw: Any) -> str:
    """One of the documents above with one value replaced."""
    document = msgspec.json.decode(json.dumps(draw(st.sampled_from([CVAT, COCO, LABELBOX]))))
    junk = st.sampled_from([None, True, 0, -1.5, "", "x", " \n", "y" * 300, [], ["q"], {}, {"name": "z"}])
    holder: Any = document
    while True:
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        if not holder[key] or not isinstance(holder[key], dict | list) or draw(st.booleans()):
            holder[key] = draw(junk)
            break
        holder = holder[key]
    return json.dumps(document)


@settings(max_examples=500)
@given(spoilt())
def test_whatever_comes_is_read_or_refused(document: str) -> None:
    try:
        imported(document)
    except InvalidOntology as error:
        assert str(error)
