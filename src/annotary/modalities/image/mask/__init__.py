"""Masks of an image: sets of pixels, run-length encoded as COCO does.

`counts` are the lengths of runs of pixels, in turn outside and inside the mask, column by column from the
image's top left; either a list of numbers, or COCO's compressed text. `size` is `[height, width]` of the
image; it may be left out. A mask has at least one pixel; masks may overlap. Canonical: `counts` as text, with
no run of length 0 but the first, and `size`; masks are in the order of their counts. The example is the
mask `[48200, 4, 476, 4, 476, 4, 258036]`: three columns of four pixels, from x = 100 and y = 200 on.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.image.mask.checking import Mask, compile_masks
from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="mask",
    modality="image",
    settings_type=Settings,
    value_type=Marks[Mask],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={"tools": {"mask": {}}, "labels": [{"name": "scratch"}]},
        value=[{"label": "scratch", "size": [480, 640], "counts": "XR_14l>000h`k7"}],
    ),
    compile=compile_masks,
    consensus="annotary.modalities.image.mask.consensus",
    marks=ToolRules(order=("counts", "label")),
)
