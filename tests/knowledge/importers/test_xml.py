"""XML without surprises."""

import time

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers.xml import child_text, children, local, parsed, root_name

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


def test_elements_are_found_whatever_their_prefix() -> None:
    root = parsed(b'<x:a xmlns:x="urn:x"><x:b> One <i>two</i></x:b><b>Three</b></x:a>')
    assert (local(root), child_text(root, "b"), len(list(children(root, "b")))) == ("a", "One two", 2)


def test_what_is_not_there_is_empty() -> None:
    assert child_text(parsed(b"<a/>"), "b") == ""


def test_broken_xml_is_refused_with_its_line() -> None:
    with pytest.raises(ImportRefused, match="line 2"):
        parsed(b"<a>\n<b></a>")


def test_broken_xml_can_be_read_as_far_as_it_goes() -> None:
    root = parsed(b"<a><b>One & two</b><b>Three</b></a>", recover=True)
    assert [child.text for child in children(root, "b")] == ["One  two", "Three"]


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize("use", ["<a>&l8;</a>", "<a b='&l8;'/>", "<a/>"])
def test_entities_are_refused_and_never_resolved(use: str, recover: bool) -> None:
    begun = time.perf_counter()
    with pytest.raises(ImportRefused):
        parsed(f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>{use}'.encode(), recover=recover)
    assert time.perf_counter() - begun < 2


def test_a_file_of_the_machine_is_not_looked_into() -> None:
    with pytest.raises(ImportRefused, match="entities"):
        parsed(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>')


def test_a_doctype_without_entities_may_stand() -> None:
    assert local(parsed(b'<!DOCTYPE plist PUBLIC "-//A//B" "http://a.invalid/x.dtd"><plist/>')) == "plist"


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize("data", [b"", b"\x00", b"no xml", b"<", b"<a", b"\xff\xfe<"])
def test_what_is_no_xml_is_refused(data: bytes, recover: bool) -> None:
    try:
        parsed(data, recover=recover)
    except ImportRefused:
        return
    assert recover


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ('<?xml version="1.0"?>\n<!-- a -->\n<ern:Message a="b">', "Message"),
        ("<!DOCTYPE plist PUBLIC 'a' 'b'><plist>", "plist"),
        ("Text <b>", ""),
        ("", ""),
    ],
)
def test_the_first_element_is_told_from_the_opening(opening: str, name: str) -> None:
    assert root_name(opening) == name
