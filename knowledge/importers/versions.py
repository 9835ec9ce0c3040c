"""The mix of a title, where it stands behind it in brackets: `Low Tide (Ana Remix)`."""

import re

_TAIL = re.compile(r"\s*[(\[](?P<mix>[^()\[\]]{1,80})[)\]]\s*\Z")
_MIX_WORDS = re.compile(
    r"\b(?:re-?mix(?:ed)?|mix|edit|dub|version|rework|refix|flip|bootleg|vip|instrumental|acoustic|a ?cappella|"
    r"extended|remaster(?:ed)?|demo|live)\b",
    re.IGNORECASE,
)
_PLAIN = {"original mix", "original", "original version", "album version"}
_TITLE_CHARS_MAX = 500


def split_version(title: str, version: str = "") -> tuple[str, str]:
    """Separate a title and its mix; a mix that is said elsewhere leaves the title as it stands."""
    if version.strip():
        return title, named_version(version)
    found = _TAIL.search(title) if len(title) <= _TITLE_CHARS_MAX else None
    if found is None or found.start() == 0 or not _MIX_WORDS.search(found["mix"]):
        return title, ""
    return title[: found.start()], named_version(found["mix"])


def named_version(version: str) -> str:
    """Give the name of a mix; "Original Mix" says that it is none."""
    version = version.strip().strip("()[]").strip()
    return "" if version.lower() in _PLAIN else version
