"""Which language somebody reads: the one that she chose here, or the first of her browser's that is known."""

LANGUAGES = {"en": "English", "fr": "Français"}
"""By their codes (BCP 47), as those who speak them call them."""
ENGLISH = "en"

_HEADER_CHARS_MAX = 1_000


def known_language(code: str | None) -> str | None:
    """Give a code back if that language is spoken here."""
    return code if code in LANGUAGES else None


def accepted(header: str) -> str | None:
    """Give the language that an `Accept-Language` likes best among those that are spoken here, or None."""
    wishes = [_wish(part) for part in header[:_HEADER_CHARS_MAX].split(",")]
    liked = sorted((wish for wish in wishes if wish[1] > 0), key=lambda wish: -wish[1])  # stable: first come first
    return next((language for language, _ in liked if language in LANGUAGES), None)


def _wish(part: str) -> tuple[str, float]:
    """Read `fr-CA;q=0.8` as `("fr", 0.8)`; what cannot be read is not wished for."""
    tag, _, quality = part.partition(";")
    try:
        weight = float(quality.strip().removeprefix("q=")) if quality.strip() else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip().split("-")[0].lower(), weight
