"""Cookies, origins, addresses and passwords, as decisions."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.identity import rules_passwords, rules_sessions
from annotary.identity.errors import ForeignRequest
from annotary.kernel.errors import Invalid

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], None),
        ([(b"host", b"annotary_session=x")], None),
        ([(b"cookie", b"annotary_session=x")], b"x"),
        ([(b"cookie", b"a=b; annotary_session=x; c=d")], b"x"),
        ([(b"cookie", b"a=b"), (b"cookie", b"annotary_session=x")], b"x"),
        ([(b"cookie", b"annotary_session2=y; xannotary_session=z")], None),
        ([(b"cookie", b"annotary_session")], b""),
        ([(b"cookie", b";;=;annotary_session=a=b;")], b"a=b"),
    ],
)
def test_the_cookie_is_found_among_others(headers: list[tuple[bytes, bytes]], found: bytes | None) -> None:
    assert rules_sessions.session_in(headers) == found


hosts = st.from_regex(r"[a-c]{1,3}(\.[a-c]{1,3})?(:8[0-9])?", fullmatch=True)


@given(st.sampled_from(["http", "https"]), hosts, hosts, texts)
def test_no_origin_but_the_hosts_own_passes(scheme: str, one: str, host: str, noise: str) -> None:
    for origin in (
        f"{scheme}://{one}",
        f"{scheme}://{one}{noise}",
        f"{noise}{one}",
        noise,
        f"//{noise}@{one}",
    ):
        try:
            rules_sessions.require_own_page("1", origin, host)
        except ForeignRequest:
            continue
        name = origin.partition("//")[2]
        rest = name.removeprefix(host)
        assert rest != name and rest[:1] in ("", "/", "?", "#"), (origin, host)


@pytest.mark.parametrize("origin", ["http://a.example", "https://a.example", "HTTPS://A.Example"])
def test_the_hosts_own_origin_passes(origin: str) -> None:
    rules_sessions.require_own_page("1", origin, "a.example")
    rules_sessions.require_own_page("1", None, "a.example")
    rules_sessions.require_own_origin(origin, "A.EXAMPLE")
    for wrong in ("a.example:81", "b.example", "", None):
        with pytest.raises(ForeignRequest):
            rules_sessions.require_own_origin(origin, wrong)
    with pytest.raises(ForeignRequest):
        rules_sessions.require_own_origin(None, "a.example")


@pytest.mark.parametrize(
    ("domain", "origin", "host", "address"),
    [
        ("label.example", None, "127.0.0.1:1", "https://label.example"),
        ("", "https://proxy.example", "proxy.example", "https://proxy.example"),
        ("", "https://evil.example", "10.0.0.7:8420", "http://10.0.0.7:8420"),
        ("", None, "localhost:8420", "http://localhost:8420"),
    ],
)
def test_links_lead_to_where_people_come_from(
    domain: str, origin: str | None, host: str, address: str
) -> None:
    assert rules_sessions.own_address(domain, origin, host) == address


@pytest.mark.parametrize(
    ("forwarded", "peer", "found"),
    [
        (None, "10.0.0.1", "10.0.0.1"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        # What a client says of itself comes first; the edge's own word is last.
        ("1.2.3.4, 203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("2001:db8::1", "127.0.0.1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "127.0.0.1", "2001:db8::/64"),
        ("nonsense", "127.0.0.1", "127.0.0.1"),
        ("", "::1", "::/64"),
    ],
)
def test_attempts_count_for_the_address_that_the_edge_saw(
    forwarded: str | None, peer: str, found: str
) -> None:
    assert rules_passwords.caller_address(forwarded, peer) == found


@pytest.mark.parametrize(
    "password",
    [
        "123456789",
        "1234567890",
        "PassWord123",
        "ａｄｍｉｎ１２３４５６",
        "abababababab",
        "ada@example.org",
        "Ada@Example.org99",
        "adalovelace1",
        "Annotary2026",
        "x" * 1001,
    ],
)
def test_what_anybody_tries_first_is_refused(password: str) -> None:
    words = rules_passwords.own_words("ada@example.org", "Adalovelace")
    with pytest.raises(Invalid) as refused:
        rules_passwords.check_password(password, *words)
    assert refused.value.path == "/password" and password not in str(refused.value)


@pytest.mark.parametrize(
    "password", ["correct horse", "ada's long walk", "密码不需要很复杂但是要长", "1q2w3e4r5t6y7u8i"]
)
def test_what_is_long_enough_passes_without_rules_of_composition(password: str) -> None:
    words = rules_passwords.own_words("ada@example.org", "Ada")
    assert rules_passwords.check_password(password, *words) == password


def test_a_digest_is_scrypt_as_others_compute_it() -> None:
    # RFC 7914, section 12, second vector.
    cost = rules_passwords.Cost(1024, 8, 16)
    expected = hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=32, maxmem=2**25)
    assert rules_passwords.digest("password", b"NaCl", cost) == expected
    assert expected.hex().startswith("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    # The same characters typed on another keyboard are the same password.
    small = rules_passwords.Cost(2, 1, 1)
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert rules_passwords.digest(composed, b"s", small) == rules_passwords.digest(decomposed, b"s", small)


def test_the_cost_is_what_was_decided() -> None:
    cost = rules_passwords.COST
    assert 128 * cost.cost * cost.block_size == 32 * 2**20 and cost.parallelism >= 3


@given(texts, texts)
def test_attempts_are_counted_for_an_email_however_it_is_written(email: str, address: str) -> None:
    one, other = (
        rules_passwords.attempts_of(b"k" * 32, text, address)
        for text in (email, f"  {email.upper().lower()} ")
    )
    assert [attempts.attempts for attempts in one] == sorted(attempts.attempts for attempts in one)
    if email.casefold() == email.upper().lower().casefold():
        assert [a.key for a in one] == [a.key for a in other]
    assert len({attempts.key for attempts in one}) == 3


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605", "Safari on Mac OS X"),
        (None, "Browser"),
        ("\x00<script>", "Browser"),
    ],
)
def test_a_browser_is_named_so_that_one_knows_it_again(agent: str | None, name: str) -> None:
    assert rules_sessions.browser_name(agent) == name
