"""Signed addresses, byte ranges, chunks and payloads, against what they must equal."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from blake3 import blake3
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotary.catalog import payloads, references, rules
from annotary.catalog.errors import AddressExpired, BadSignature
from annotary.infra.addresses import is_public
from annotary.infra.http import decode_token, encode_token
from annotary.kernel.errors import AnnotaryError, Invalid, Malformed

KEY = b"k" * 32
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.uuids(), hashes, st.integers(0, 2**40), st.floats(0, 2**40))
def test_a_signed_address_speaks_for_one_organisation_until_its_time(
    organisation: UUID, hash: str, expires: int, now: float
) -> None:
    parts = urlsplit(rules.sign_asset_url(KEY, organisation, hash, expires))
    said = dict(parse_qsl(parts.query))
    assert parts.path == f"/v1/assets/{hash}/content"
    arguments = (said["organisation"], hash, said["expires"], said["signature"])
    if now >= expires:
        with pytest.raises(AddressExpired):
            rules.check_asset_url(KEY, *arguments, now)
    else:
        assert rules.check_asset_url(KEY, *arguments, now) == organisation
    with pytest.raises(BadSignature):
        rules.check_asset_url(KEY + b"x", *arguments, 0.0)


@given(st.integers(0, 3), st.text(max_size=70), st.uuids(), hashes)
def test_no_part_of_a_signed_address_can_be_changed(
    part: int, other: str, organisation: UUID, hash: str
) -> None:
    said = dict(parse_qsl(urlsplit(rules.sign_asset_url(KEY, organisation, hash, 2**40)).query))
    arguments = [said["organisation"], hash, said["expires"], said["signature"]]
    assume(arguments[part] != other)
    arguments[part] = other
    with pytest.raises(BadSignature):
        rules.check_asset_url(KEY, *arguments, 0.0)


@given(st.binary(max_size=40), st.integers(-1, 50), st.integers(-1, 50))
def test_ranges_are_slices(content: bytes, first: int, last: int) -> None:
    header = f"bytes={first if first >= 0 else ''}-{last if last >= 0 else ''}"
    size = len(content)
    try:
        found = rules.read_range(header, size)
    except rules.UnsatisfiableRange:
        assert (first >= size) if first >= 0 else (last == 0)
        return
    if first < 0 and last < 0:
        assert found is None
    elif first < 0:
        assert found is not None and content[found[0] : found[1]] == content[max(0, size - last) :]
    elif 0 <= last < first:
        assert found is None
    else:
        end = size if last < 0 else last + 1
        assert found is not None and content[found[0] : found[1]] == content[first:end]
        assert 0 <= found[0] < found[1] <= size


@given(
    st.text(max_size=60) | st.from_regex(r"bytes=\d{0,30}-\d{0,30}(,.*)?", fullmatch=True),
    st.integers(0, 2**62),
)
def test_no_range_header_reaches_outside_the_bytes(header: str, size: int) -> None:
    try:
        found = rules.read_range(header, size)
    except rules.UnsatisfiableRange:
        return
    assert found is None or 0 <= found[0] <= found[1] <= size


@given(st.integers(1, 10_000), st.integers(1, 999))
def test_chunks_cover_the_file_once(size: int, chunk: int) -> None:
    count = rules.chunks_of(size, chunk)
    covered = 0
    for number in range(count):
        expected = min(chunk, size - number * chunk)
        rules.check_chunk(size, chunk, number, expected)
        with pytest.raises(Invalid):
            rules.check_chunk(size, chunk, number, expected + 1)
        covered += expected
    assert covered == size
    with pytest.raises(Invalid):
        rules.check_chunk(size, chunk, count, 1)


texts = st.text(min_size=1, max_size=30).filter(lambda text: "\0" not in text)
messages = st.lists(st.fixed_dictionaries({"role": texts, "content": texts}), min_size=1, max_size=3)
documents = (
    st.fixed_dictionaries({"text": texts})
    | st.fixed_dictionaries({"prompt": texts | messages, "a": texts, "b": texts})
    | st.fixed_dictionaries({"prompt": texts | messages}, optional={"text": texts})
    | st.fixed_dictionaries({"messages": messages}, optional={"prompt": texts | messages})
)


@given(documents, st.randoms())
def test_a_payload_has_one_canonical_form(document: dict[str, object], shuffle: object) -> None:
    names = list(document)
    shuffle.shuffle(names)  # type: ignore[attr-defined]
    shuffled = {name: document[name] for name in names}
    first = payloads.encode_payload(payloads.read_payload("text", document))
    second = payloads.encode_payload(payloads.read_payload("text", shuffled))
    assert first == second and json.loads(first) == document
    again = payloads.encode_payload(payloads.read_payload("text", json.loads(first)))
    assert again == first and payloads.payload_hash(first) == blake3(first).digest()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_any_other_payload_is_refused_with_its_path(value: object) -> None:
    for modality, field in (("text", "text"), ("text", "prompt"), ("image", "asset"), ("video", "asset")):
        try:
            payloads.read_payload(modality, {field: value})
        except Invalid as error:
            assert error.path and error.path.startswith("/payload")
        else:
            assert field in ("text", "prompt") and isinstance(value, str) and value


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "/text"),
        ({"prompt": ""}, "/prompt"),
        ({"prompt": []}, "/prompt"),
        ({"prompt": "?", "text": ""}, "/text"),
        ({"prompt": "?", "text": "x", "a": "y"}, "/text"),
        ({"messages": []}, "/messages"),
        ({"messages": [{"role": "user"}]}, "/messages/0/content"),
        ({"messages": [{"role": "user", "content": "\0"}]}, "/messages/0/content"),
        ({"messages": [{"role": "user", "content": "x"}], "text": "y"}, "/text"),
    ],
)
def test_what_is_no_prompt_and_no_conversation_is_refused(document: dict[str, object], path: str) -> None:
    with pytest.raises(Invalid) as raised:
        payloads.read_payload("text", document)
    assert raised.value.path == f"/payload{path}"


@given(st.ip_addresses())
def test_what_is_public_is_public_for_the_whole_world(address: ipaddress.IPv4Address) -> None:
    if is_public(address):
        assert not (
            address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        )
        assert not address.is_unspecified


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_as_private_as_itself(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert is_public(mapped) == is_public(address)
    assert not is_public(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))
    assert not is_public(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["..", ".", "in", "out", "link", "file", "", "a"]), max_size=8))
def test_no_path_leaves_the_folder(tmp_path: Path, steps: list[str]) -> None:
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True, exist_ok=True)
    (root / "file").write_text("x")
    (root / "in" / "file").write_text("x")
    (tmp_path / "file").write_text("secret")
    if not (root / "link").is_symlink():
        (root / "link").symlink_to(tmp_path)
        (root / "out").symlink_to(tmp_path / "file")
    try:
        found = references.allowed_path("/".join([str(root), *steps]), [root])
    except Invalid as error:
        assert error.path == "/path"
        return
    assert found.resolve() == found and found.is_relative_to(root.resolve()) and found.read_text() == "x"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_page_tokens_come_back(parts: list[str]) -> None:
    assert decode_token(encode_token(*parts), len(parts)) == tuple(parts)


@given(st.text(max_size=40))
def test_any_other_page_token_is_malformed(token: str) -> None:
    try:
        found = decode_token(token)
    except AnnotaryError as error:
        assert isinstance(error, Malformed)
        return
    assert found is None or (len(found) == 1 and isinstance(found[0], str))
