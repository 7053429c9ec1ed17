"""Ratings of a conversation, message by message.

`message` is the place of a message in the item's `messages`, from 0. Each label of the ontology is a question
to each message: `level` is a whole number on its scale, from `minimum` to `maximum`, or one of its own in the
setting `scales`. A label whose scale there is `null` has no level: it marks a message, such as one that is
made up. Only messages of the `roles` are rated; without any, all are. With `complete` each of them has a
level for each question. A label is given to a message at most once. Canonical order: by message, then by
label.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.marks import Marks
from annotary.modalities.text.chat.checking import Remark, compile_chat, narrow_chat
from annotary.modalities.text.chat.settings import ChatSettings
from annotary.modalities.text.items import ChatItem
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="chat",
    modality="text",
    settings_type=ChatSettings,
    value_type=Marks[Remark],
    item_type=ChatItem,
    example=Example(
        item={
            "messages": [
                {"role": "user", "content": "Why is the sky blue?"},
                {"role": "assistant", "content": "Because it mirrors the sea."},
                {"role": "user", "content": "Are you sure?"},
                {"role": "assistant", "content": "No: air scatters blue light more than red."},
            ]
        },
        definition={
            "tools": {"chat": {"scales": {"made up": None}}},
            "labels": [
                {"name": "helpful", "attributes": [{"name": "why", "kind": "text"}]},
                {"name": "made up"},
            ],
        },
        value=[
            {"label": "helpful", "message": 1, "level": 1},
            {"label": "made up", "message": 1},
            {"label": "helpful", "attributes": {"why": "corrects itself"}, "message": 3, "level": 4},
        ],
    ),
    compile=compile_chat,
    narrow=narrow_chat,
    consensus="annotary.modalities.text.chat.consensus",
    marks=ToolRules(order=("message", "label"), unique=("message", "label")),
)
