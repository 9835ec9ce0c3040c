"""What the catalogues say: read from the text that translators write, so that nothing compiled can be out of date."""

import re
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from presence.languages.choosing import ENGLISH

FOLDER = Path(__file__).parent
DOMAINS = ("presence", "studio")
"""The room that fans see, with all that is common; and the artist's studio."""
SCRIPTS = "presence/web/static/"

_VOWELS = "aâàäáåeéèêëiîïíoôöóœuûüúyAÂÀÄÁÅEÉÈÊËIÎÏÍOÔÖÓŒUÛÜÚY"
_BEFORE_HER = re.compile(r"(\b[dD]|[qQ]u)e (?=%\(artist\)s|\{artist\})")


def read_catalogue(language: str, domain: str) -> Catalog:
    """Read one catalogue as its translators wrote it."""
    with (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


@lru_cache(maxsize=8)
def catalogue_of(language: str) -> NullTranslations:
    """Give all that is said in a language; of English nothing is needed, since it stands in the code."""
    if language == ENGLISH:
        return NullTranslations()
    every = [_compiled(read_catalogue(language, domain)) for domain in DOMAINS if _is_there(language, domain)]
    whole = every[0]
    for more in every[1:]:
        whole.merge(more)
    return whole


@lru_cache(maxsize=8)
def words_of_scripts(language: str) -> dict[str, str | list[str]]:
    """Give what the scripts of pages say, by the English of it; of what has a plural, each of its forms."""
    if language == ENGLISH:
        return {}
    told: dict[str, str | list[str]] = {}
    for domain in DOMAINS:
        for message in read_catalogue(language, domain) if _is_there(language, domain) else ():
            if not any(place.startswith(SCRIPTS) for place, _ in message.locations):
                continue
            name = message.id[0] if isinstance(message.id, list | tuple) else message.id
            told[name] = list(message.string) if isinstance(message.string, list | tuple) else str(message.string)
    return told


def elided(words: str, language: str, artist: str) -> str:
    """Write “d’Ada” for “de Ada”: French leaves an e out before a vowel."""
    if language != "fr" or not artist.startswith(tuple(_VOWELS)):
        return words
    return _BEFORE_HER.sub(r"\1’", words)


def _is_there(language: str, domain: str) -> bool:
    return (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").is_file()


def _compiled(catalogue: Catalog) -> Translations:
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file, domain=catalogue.domain)
