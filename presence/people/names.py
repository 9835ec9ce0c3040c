"""Names that people gave themselves: unsigned, and no proof of anything.

A name is kept as it was written (NFC). Whether two look alike is judged after NFKC and case
folding; what looks like somebody else is said, never refused: many people share a name.
"""

import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from presence.database import Database
from presence.errors import NameWrong
from presence.languages import later, said
from presence.tables import people
from presence.write_lane import WriteLane

NAME_CHARS_MAX = 80
SOMEBODY = "Somebody without a name"
_CODE_CHARS = 8
_ASKED_AT_ONCE = 500
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Scripts that are written together in one language are one script here.
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}
# After case folding: Cyrillic, Greek and digits that look like a Latin letter.
_LETTERS_ALIKE = str.maketrans("аеорсухіјѕһԁԛԝѵικνορτυχαβεζημ013", "aeopcyxijshdqwvikvoptuxabezhmole")


def cleaned_name(text: str) -> str:
    """Give a name as it is kept, or raise `NameWrong`."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(char.isalnum() for char in name):
        raise NameWrong("A name has at least one letter.")
    if len(name) > NAME_CHARS_MAX:
        raise NameWrong(said("A name has at most {chars} characters.", chars=NAME_CHARS_MAX))
    if any(unicodedata.category(char) in _UNSEEN for char in name):
        raise NameWrong("A name holds no signs that cannot be seen.")
    return name


def folded(name: str) -> str:
    """Give what names are compared by: without case, width, accents, spaces, and letters of one look made one."""
    alike = unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS_ALIKE)
    plain = unicodedata.normalize("NFKD", alike)
    return "".join(char for char in plain if char.isalnum())


def warnings(name: str, others: Iterable[str], artist: str) -> list[str]:
    """Say, in sentences, what is odd about a name."""
    odd = []
    if len(scripts(name)) > 1:
        odd.append(later("It mixes letters of several scripts."))
    if folded(name) == folded(artist):
        odd.append(later("It looks like the artist’s own name."))
    if folded(name) in {folded(other) for other in others}:
        odd.append(later("Somebody here has a name that looks the same."))
    return odd


def scripts(name: str) -> set[str]:
    """Name the scripts of the letters of a name."""
    first = {unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha()}
    return {_ONE_SCRIPT.get(script, script) for script in first if script}


def code_of(did: str) -> str:
    """Give the short code by which people know a key: its last eight signs."""
    end = did[-_CODE_CHARS:]
    return f"{end[:4]}-{end[4:]}"


def names_on(records: Connection, dids: Iterable[str]) -> dict[str, str]:
    """Give the names that are known, by key, to who has a connection already."""
    wanted, found = list(dids), dict[str, str]()
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        some = people.c.did.in_(wanted[start : start + _ASKED_AT_ONCE])
        found |= {row.did: row.name for row in records.execute(select(people.c.did, people.c.name).where(some))}
    return found


def has_key(listener: str) -> bool:
    """Whether a listener is known by a key of hers, and not by a visit alone."""
    return listener.startswith("did:")


def called_on(records: Connection, listeners: Collection[str]) -> dict[str, str]:
    """Give what to call each of some listeners, to who has a connection already: her name, or her code."""
    named = names_on(records, filter(has_key, listeners))
    return {one: named.get(one) or (code_of(one) if has_key(one) else SOMEBODY) for one in listeners}


class Names:
    """Keeps them by key."""

    def __init__(self, database: Database, lane: WriteLane, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._lane = lane
        self._now = now

    def set(self, did: str, name: str) -> str:
        """Give somebody a name, and give it as it is kept; raises `NameWrong`."""
        row = {"did": did, "name": cleaned_name(name), "changed_at": self._now()}

        def keep(owner: Connection) -> None:
            owner.execute(delete(people).where(people.c.did == did))
            owner.execute(insert(people).values(**row))

        self._lane.run(keep)
        return str(row["name"])

    def of(self, did: str) -> str | None:
        """Give somebody's name, or None."""
        return self.of_all([did]).get(did)

    def of_all(self, dids: Iterable[str]) -> dict[str, str]:
        """Give the names that are known, by key."""
        with self._database.records() as records:
            return names_on(records, dids)

    def shown(self, did: str) -> str:
        """Give what to call somebody: her name, or her code."""
        return self.of(did) or code_of(did)

    def odd(self, named: Mapping[str, str], artist: str) -> dict[str, list[str]]:
        """Say what is odd about some names, beside all other names here; by key."""
        alike = defaultdict[str, set[str]](set)
        with self._database.records() as records:
            for row in records.execute(select(people.c.did, people.c.name)):
                alike[folded(row.name)].add(row.did)
        others = {did: [name] if alike[folded(name)] - {did} else [] for did, name in named.items()}
        return {did: warnings(name, others[did], artist) for did, name in named.items()}
