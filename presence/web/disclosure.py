"""Says that an AI answers: in words for people, in a header and marks for machines. Nothing switches it off.

The header is `AI-Disclosure` (draft-abaris-aicdh-01), a dictionary of RFC 9651: the only name that was proposed at the
IETF for this, and it says the kind of part that a machine had, not only that there was one. It is a draft: every body
says the same by itself, as `ai_generated` and, in IPTC's words for the source of a medium, `digital_source_type`.
"""

from collections.abc import Mapping
from typing import Any

from presence.asking.contracts import HERSELF
from presence.languages import later, said

HEADER = "AI-Disclosure"
QUOTING = "quoting"

# Nobody looks an answer over before it is shown: of a language model's part, the draft calls that machine-generated.
MODEL_MODE = "machine-generated"
# Without a model a program picks from what people wrote; the draft's words for that are “highlights of human-written
# text”. It is no `none`: vectors help to choose.
QUOTING_MODE = "ai-modified"
# The artist wrote it herself; each of her lines says so too.
HER_MODE = "none"

DISCLOSURE_HEADERS = {HEADER: f"mode={MODEL_MODE}"}
"""For an answer whose writer is not at hand: the stronger of both marks."""

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MODEL_SOURCE = f"{IPTC}trainedAlgorithmicMedia"
QUOTING_SOURCE = f"{IPTC}algorithmicMedia"
HER_SOURCE = f"{IPTC}digitalCreation"

_MODEL_CHARS_MAX = 120


def label(artist: str) -> str:
    """The one sentence that stands in every room: what answers here, and who it is not."""
    return said("AI, answering from {artist}’s notes — not {artist}", artist=artist)


def is_model(writer: str) -> bool:
    """Whether a language model had a part in an answer; in doubt it had."""
    return writer != HERSELF and writer.split(":")[0] != QUOTING


def quotes_notes(answer: Mapping[str, Any]) -> bool:
    """Whether an answer quotes a note: one that asks back, counts, or found nothing, does not."""
    return any(citation["kind"] == "passage" for citation in answer["citations"])


def how_written(writer: str, artist: str, *, quotes: bool = True) -> str:
    """Say truthfully how an answer came about, for people; the first line of every one."""
    if writer == HERSELF:
        return said("{artist} answers this herself. No AI has a part in it.", artist=artist)
    if is_model(writer):
        form = later("AI: {writer} put this together from {artist}’s notes. It is not {artist}.")
        return said(form, writer=writer, artist=artist)
    if not quotes:
        form = later(
            "AI, automatic: a program answers from {artist}’s notes. "
            "No language model wrote it, and it is not {artist}."
        )
        return said(form, artist=artist)
    form = later(
        "AI, automatic: a program chose this from {artist}’s notes and quotes it. "
        "No language model wrote it, and it is not {artist}."
    )
    return said(form, artist=artist)


def written_by(writer: str, artist: str) -> str:
    """Name who writes, as listeners would; a program calls it by its own name."""
    if writer == HERSELF:
        return artist
    form = {
        QUOTING: later("{artist}’s notes, word for word"),
        "llama": later("a language model here"),
        "remote": later("a language model elsewhere"),
    }.get(writer)
    return said(form, artist=artist) if form is not None else writer


def disclosure_headers(writer: str) -> dict[str, str]:
    """Give the response headers of an answer by this writer; every way by which answers leave carries them."""
    if writer == HERSELF:
        return {HEADER: f"mode={HER_MODE}"}
    mode = MODEL_MODE if is_model(writer) else QUOTING_MODE
    return {HEADER: f'mode={mode}, model="{_printable(writer)}"'}


def source_type(writer: str) -> str:
    """Name the kind of source in IPTC's vocabulary."""
    if writer == HERSELF:
        return HER_SOURCE
    return MODEL_SOURCE if is_model(writer) else QUOTING_SOURCE


def disclosed(writer: str, artist: str, *, quotes: bool = True) -> dict[str, Any]:
    """Give the fields that an answer's JSON carries, beside who wrote it, in all shapes of the API."""
    return {
        "ai_generated": writer != HERSELF,
        "digital_source_type": source_type(writer),
        "disclosure": how_written(writer, artist, quotes=quotes),
    }


def linked_data(answer: dict[str, Any], artist: str, address: str) -> dict[str, Any]:
    """Give an answer in schema.org's words: whoever saves or prints the page takes along what it is."""
    is_hers = answer["writer"] == HERSELF
    by_software = {"@type": "SoftwareApplication", "name": label(artist)}
    hers = " ".join(line["text"] for line in answer.get("human", ()))
    return {
        "@context": "https://schema.org",
        "@type": "Answer",
        "url": address,
        "text": hers if is_hers else answer["text"],
        "digitalSourceType": source_type(answer["writer"]),
        "creditText": how_written(answer["writer"], artist, quotes=quotes_notes(answer)),
        "author": {"@type": "Person", "name": artist} if is_hers else by_software,
    }


def _printable(name: str) -> str:
    """Write a name as a string of RFC 9651 may hold it."""
    kept = "".join(char if " " <= char <= "~" else "?" for char in name[:_MODEL_CHARS_MAX])
    return kept.replace("\\", "\\\\").replace('"', '\\"')
