"""Several names in one field, and the number that Discogs puts behind a name that two people have."""

import re

# "&", "and" and a slash without spaces stay: they are inside the names of bands.
_BETWEEN = re.compile(r"\s*(?:[;,|\n]|\s/\s|\s(?:b2b|w/|feat\.?|ft\.?|featuring)\s)\s*", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:b2b|with|w/|feat\.?|ft\.?|featuring|mit|avec|con)\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"\s+\(\d{1,3}\)(?=$|\s*[,;/&*])")


def people(written: str) -> tuple[str, ...]:
    """Give each name once, in the order in which they were written."""
    names = (_BEFORE.sub("", name.strip()) for name in _BETWEEN.split(written))
    return tuple(dict.fromkeys(name for name in names if name))


def without_numbers(name: str) -> str:
    """Take `(2)` off the names in it: `Human Records (2)`."""
    return _NUMBERED.sub("", name).strip()
