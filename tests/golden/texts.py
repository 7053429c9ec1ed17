"""Makes offsets.json: where each code point of a text stands in UTF-16, which is how browsers count."""

from __future__ import annotations

from typing import Any

_TEXTS = [
    "plain",
    "",
    "Zoë 👩‍🚀 met Łukasz",
    "é is e\u0301, and e\u0301 is é",
    "👩🏽‍💻👨‍👩‍👧‍👦🇨🇭",
    "𝒜𝓁𝑔ebra 𐍈 𠜎",
    "a\r\nb\tc\u2028d",
    "\ufeffbyte order mark",
    "مرحبا שלום ภาษาไทย नमस्ते",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
    "한국어 각 각",
    "\U0010ffff\ue000\U00010000",
]


def offsets() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "about": "`units[i]` is the offset in UTF-16 code units of code point i; the last one is that of the "
        "text's end. Answers count code points. Made by tests/golden/texts.py.",
        "texts": [{"text": text, "units": _units(text)} for text in _TEXTS],
    }


def _units(text: str) -> list[int]:
    return [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
