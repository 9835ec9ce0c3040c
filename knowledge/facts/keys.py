"""Normal forms of names: what two spellings have in common when they mean the same thing.

A key is only ever compared, never shown. "St. Stephen" and "Saint Stephen", "Truckin'" and
"Trucking", "Guns & Roses" and "guns and roses" share one.
"""

import re
import unicodedata

_ING = re.compile(r"in['’‘](?=\W|$)")
_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_LONG_FORMS = {"st": "saint", "mt": "mount", "ft": "feat", "featuring": "feat", "n": "and"}
_ARTICLES = {"the", "a", "an"}
# Mixes that are the recording itself, not another version of it.
_PLAIN_VERSIONS = {"", "original", "original mix", "extended", "extended mix", "album version", "main mix"}


def normal(name: str) -> str:
    """Write a name in lower-case ASCII-like words without accents and punctuation."""
    flat = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("ß", "ss"))
    flat = "".join(char for char in flat if not unicodedata.combining(char))
    flat = _APOSTROPHES.sub("", _ING.sub("ing", flat)).replace("&", " and ").replace("+", " and ")
    words = [word for word in _NOT_A_WORD.split(flat) if word]
    if len(words) == 1:  # "MT" alone is Montana, not a mount
        return words[0]
    return " ".join(_LONG_FORMS.get(word, word) for word in words)


def name_key(name: str) -> str:
    """Give the key of a name; an article before it says nothing, unless it is all there is."""
    words = normal(name).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def version_key(version: str) -> str:
    """Give the key of a mix; the plain one has none."""
    key = normal(version)
    return "" if key in _PLAIN_VERSIONS else key


def work_key(title: str, artist: str = "") -> str:
    """Give the key of a work: two artists may have given one title to two works."""
    by = name_key(artist)
    return f"{name_key(title)}|{by}" if by else name_key(title)


def recording_key(work: str, version: str) -> str:
    """Give the key of one version of a work."""
    mix = version_key(version)
    return f"{work}#{mix}" if mix else work


def city_key(city: str, region: str, country: str) -> str:
    """Give the key of a city: there is a Portland in Oregon and one in Maine."""
    return f"{name_key(city)}|{name_key(region or country)}" if city else ""


def place_key(venue: str, city: str) -> str:
    """Give the key of a venue: one name may stand in two cities."""
    return f"{name_key(venue)}|{name_key(city)}" if venue else ""
