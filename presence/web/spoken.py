"""An answer as plain text, for chats and programs that show nothing but text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from presence.asking.contracts import Outcome

COST_NOTHING = "It cost you nothing."
_ENDINGS = {
    Outcome.ASK_BACK: "What do you mean?",
    Outcome.NOT_IN_NOTES: "That is not in my notes.",
    Outcome.REFUSED: f"This is not answered here. {COST_NOTHING}",
    Outcome.STOPPED: "Stopped.",
    Outcome.REVOKED: f"This is not open to you any more. {COST_NOTHING}",
    Outcome.FAILED: f"Something failed here. {COST_NOTHING} Ask again.",
}


def ending(outcome: Outcome, more: Mapping[str, Any], origin: str) -> str:
    """Say in words how an answer ended; nothing after one that was given."""
    parts = [_ENDINGS.get(outcome, "")]
    if outcome is Outcome.NOT_IN_NOTES:
        parts += [more["reason"]] if more.get("reason") else []
        parts.append(COST_NOTHING)
    lines = [" ".join(part for part in parts if part)]
    lines += [f"- {choice}" for choice in more.get("choices", ())]
    if more.get("nearest"):
        lines.append("The nearest notes:")
        lines += [f"- {near['title']}: {absolute(near['url'], origin)}" for near in more["nearest"]]
    return "\n".join(line for line in lines if line)


def payment_in_words(more: Mapping[str, Any], origin: str, shown: Callable[[int], str]) -> str:
    """Say how a program goes on after a refusal for want of money, and where money is paid in; "" for any other."""
    lines = []
    if "offer" in more:
        price = more["offer"]["ceiling_micros"]
        lines.append(f"max_price_micros {price} agrees to {shown(price)}.")
    if "top_up" in more:
        lines.append(f"Money is paid in at {absolute(more['top_up'], origin)}.")
    return " ".join(lines)


def cited_at(citations: Sequence[Mapping[str, Any]], origin: str) -> list[dict[str, Any]]:
    """Give citations with addresses that can be opened from elsewhere."""
    return [{**one, "url": absolute(one["url"], origin)} for one in citations]


def absolute(url: str, origin: str) -> str:
    """Give a whole address of this node."""
    return f"{origin}{url}" if url.startswith("/") else url


def sources_in_words(citations: Sequence[Mapping[str, Any]]) -> str:
    """List sources, a line each, by the numbers that the text points with."""
    return "\n".join(
        f"[{one['n']}] {', '.join(str(part) for part in (one['title'], one['speaker'], one['date']) if part)}: "
        f"{one['url']}"
        for one in citations
    )


def in_her_name(line: Mapping[str, Any]) -> str:
    """Give a line that the artist wrote herself as one of hers."""
    return f"{line['by']}, herself: {line['text']}"


def with_pointers(sentences: Sequence[Mapping[str, Any]]) -> str:
    """Give sentences as one text, each followed by the numbers of what it rests on."""
    return " ".join(" ".join([one["text"], *(f"[{n}]" for n in one["citations"])]) for one in sentences)
