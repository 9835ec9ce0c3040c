"""What the columns of a table are: told by their headers in four languages, then by the look of their values.

A header says the same in any case, with spaces, underscores or in one word (`eventDate`). Some words
mean different things in different tables ("title", "time", "set", "type", "place"): their role ends
in a question mark here, and the kind of table decides (`table_kinds`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from knowledge.importers import codes

MONEY, PERSONAL, UNKNOWN = "money", "personal", ""

_HEADERS = {
    "date": "date|datum|fecha|data|dia|tag|night|noche|date played|played on|date of show|date du concert|"
    "fecha del concierto|auftrittsdatum|konzertdatum|year|jahr|annee|ano|date time|datetime|day",
    "time": "start time|doors|uhrzeit|heure|hora|beginn|showtime|stage time|start|set time|beginning",
    "time?": "time|zeit|timestamp|cue|offset",
    "ordinal": "ordinal|show of day|show of the day|show number of day|early late",
    "venue": "venue|club|hall|theatre|theater|salle|sala|veranstaltungsort|spielstatte|venue name|locale",
    "place?": "place|location|ort|lieu|lugar|local|where|at",
    "city": "city|town|stadt|ville|ciudad|municipality|city town|cidade",
    "region": "state|region|province|county|bundesland|provincia|departement|canton|kanton|estado|state code",
    "country": "country|land|pays|pais|nation|country code|country of show",
    "event_title": "show|gig|concert|concierto|konzert|"
    "event|event name|event title|show name|show title|veranstaltung|evenement|evento|gig name|"
    "festival|party|festival name|concert name|night name|set title",
    "kind?": "kind|type|art|typ|tipo|genre of event|event type|event kind|show type|gig type|set type|category",
    "tour": "tour|tournee|gira|tour name",
    "performers": "b2b|partner|with|lineup|line up|performers|b2b with|mit|avec|con|bill|supporting|support|co dj|"
    "b2b partner|played with|other artists",
    "set?": "set|sets",
    "set_no": "set no|set nr|set number|set num|set index|setno",
    "set_name": "set name|set label|set part|part",
    "position": "position|pos|nr|no|number|num|nummer|order|track no|track number|track nr|track num|song no|#|index|"
    "song number|song order|n|numero|platz|reihenfolge|tracknumber|trackno|line|seq|sequence|order in set",
    "song": "song|track|tune|song title|track title|song name|track name|lied|morceau|cancion|tema|composition|"
    "recording|stuck|pista|work title|recording title|piece|work|chanson|musikstuck",
    "title?": "title|titel|titre|titulo|name|nombre|nom|item name|item",
    "artist": "artist|artists|artist name|interpret|kunstler|artiste|artista|track artist|song artist|by|band|"
    "album artist|main artist|primary artist|act",
    "version": "version|remix|mix|mix name|mix version|remix version|track version|version title|edit|subtitle",
    "label": "label|record label|label name|imprint|plattenlabel|sello|publisher label|maison de disques|discografica",
    "segue": "segue|segued|transition|segues|into next|went into|ubergang|segue flag|into",
    "bpm": "bpm|tempo|beats per minute|track bpm",
    "key": "key|musical key|initial key|initialkey|tonart|tonalite|tonalidad|camelot|camelot key",
    "duration": "duration|length|lange|dauer|duree|duracion|track length|set length|playing time|run time|runtime|"
    "laufzeit|spieldauer|spielzeit",
    "isrc": "isrc|isrc code|isrcs",
    "iswc": "iswc|iswc code",
    "barcode": "upc|ean|barcode|upc ean|ean upc|gtin|upc code|ean code|strichcode|upc code ean|bar code",
    "catalogue": "catalogue number|catalog number|catalognumber|catno|cat no|cat nr|cat|cat #|cat#|catalog#|catalog|"
    "catalogue|"
    "catalog #|catalogue no|catalog no|katalognummer|numero de catalogue|numero de catalogo|label number|catalog nr",
    "release": "release|album|album title|release title|release name|album name|ep|single|veroffentlichung|disco|"
    "product title|product|project",
    "release_date": "release date|released|date released|veroffentlicht|erscheinungsdatum|date de sortie|"
    "fecha de lanzamiento|publication date|out|release year|album year|street date|original release date",
    "medium": "format|medium|media|formato|tontrager|support format|carrier|physical format",
    "url": "url|link|website|web|webseite|enlace|lien|setlist url|homepage|web page|bandcamp|soundcloud|mixcloud|"
    "youtube|video|stream|permalink|listen|recording url",
    "tickets": "tickets|ticket link|ticket url|entradas|billets|billetterie|karten|buy tickets",
    "buy": "buy|shop|store link|buy link|purchase|order link|buy url",
    "note": "note|notes|comment|comments|remark|remarks|kommentar|notiz|bemerkung|anmerkung|anmerkungen|remarque|"
    "commentaire|nota|notas|comentario|info|details|description|memo",
    "tier": "tier|audience|access|visibility|who may see|level",
    "encore": "encore|is encore|zugabe|rappel|bis",
    "alias": "alias|aliases|aka|also known as|other name|other names|alternative|alternative name|alternate title|"
    "nickname|abbreviation|short|short name|synonym|spitzname|abkurzung|alternate name|variant|apodo|surnom",
    "cover_of": "cover of|original artist|written by artist|cover|original by",
    "guests": "guests|guest|special guest|special guests|featuring|feat|ft|gast|gaste|invite|invites|invitado|sit in",
    "licence": "licence|license|lizenz|copyright licence|rights",
    "mbid": "mbid|musicbrainz id|musicbrainz|mb id|recording mbid|musicbrainz recording id",
    "cancelled": "cancelled|canceled|abgesagt|annule|cancelado",
    "medium_no": "disc|disk|disc no|disc number|disk number|cd no|medium number|discnumber",
    "credit:composer": "composer|composers|komponist|compositeur|compositor|written by|writer|writers|songwriter|"
    "songwriters|author|authors",
    "credit:lyricist": "lyricist|lyrics by|textdichter|parolier|letrista",
    "credit:producer": "producer|producers|produced by|produzent|producteur|productor",
    "credit:remixer": "remixer|remixers|remixed by",
    "credit:engineer": "engineer|mixed by|mixing engineer|recorded by",
    "credit:mastering": "mastered by|mastering|mastering engineer",
    "item_kind": "item type|song album|release type|album type|record type|product type",
    "store": "store|dsp|service|platform|retailer|sale month|reporting date|date inserted|country of sale|quantity|qty|"
    "reporting month|source type|units|streams|currency|date paid|quantity sold",
}  # fmt: skip
_ROLES = {header: role for role, headers in _HEADERS.items() for header in headers.split("|")}
_ID = re.compile(
    r"(?:(?:.+ )?(?:id|code|ref|uid|uuid|reference)|(?:show|event|gig|set|concert|night)(?:id|code|ref|key|no|nr)"
    r"|(?:show|event|gig|concert) (?:no|nr|number|key|#))"
)
_OTHER_ID = re.compile(
    r"\b(?:postal|postcode|zip|artist|track|song|venue|recording|release|label|user|customer|work|city|performance|"
    r"play|row|item|entry|album|order|transaction|promo|discount|mbid|musicbrainz|spotify)\b"
)
_MONEY = re.compile(
    r"\b(?:earnings?|revenue|income|price|prices|fee|fees|royalt(?:y|ies)|payout|payment|paid|amount|net|gross|"
    r"recoup\w*|withheld|withholding|salary|gage|gagen|honorar|umsatz|einnahmen|preis|preise|betrag|cachet|prix|"
    r"revenus?|montant|redevances?|precio|ingresos|regalias|importe|cost|costs|kosten|usd|eur|gbp|chf|tax|budget|"
    r"commission|profit|expenses|sub ?total|guarantee|deposit)\b|[$€£]"
)
_PERSONAL = re.compile(
    r"\b(?:e ?mail|mail|phone|telephone|telefon|mobile|handy|address|adresse|direccion|zip|postcode|postal code|plz|"
    r"buyer|customer|ip|iban|birthday|contact|kontakt|ship to|passwor[dt])\b"
)
_QUALIFIERS = {"event", "show", "gig", "concert", "set", "track", "song", "venue", "release", "album", "performance",
               "club", "recording", "the", "local"}  # fmt: skip
_TAILS = {"name", "names", "s"}
_LOOKED_AT = 50
_HEADER_CHARS_MAX = 200
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it is, what stands over it, and what it holds ("" where that cannot be told)."""

    index: int
    header: str
    role: str

    @property
    def name(self) -> str:
        return plain(self.header).replace(" ", "_")


def understood(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Column, ...]:
    """Give every column its role; a role that two columns claim is the first one's."""
    first = list(islice(rows, _LOOKED_AT))
    found, taken = list[Column](), set[str]()
    for index, words in enumerate(header):
        values = [row[index] for row in first if index < len(row) and row[index].strip()]
        role = role_of(words) or _by_look(values)
        if role in taken and role not in ("id", "store", "other_id", MONEY, PERSONAL):
            role = UNKNOWN
        taken.add(role)
        found.append(Column(index, words.strip(), role))
    return tuple(found)


def described(columns: Iterable[Column]) -> list[tuple[str, str]]:
    """Give each header with what it was taken for, for the artist to look at."""
    return [(column.header, column.role.rstrip("?").replace("_", " ") or "not understood") for column in columns]


@lru_cache(maxsize=1_024)
def role_of(header: str) -> str:
    """Tell a column by its header alone, or give ""."""
    if len(header) > _HEADER_CHARS_MAX:
        return UNKNOWN
    name = plain(header)
    if not name or len(name) > 60:
        return UNKNOWN
    bare = plain(re.sub(r"\(.*?\)|\[.*?\]", " ", header))
    for words in (name, bare):
        if words in _ROLES:
            return _ROLES[words]
    if _MONEY.search(name) or any(sign in header for sign in "$€£"):
        return MONEY
    if _PERSONAL.search(name):
        return PERSONAL
    if _ID.fullmatch(name):
        return "other_id" if _OTHER_ID.search(name) else "id"
    return _without_qualifier(bare.split())


def plain(header: str) -> str:
    """Write a header in one way: small letters, no accents, single spaces; `eventDate` is two words."""
    parted = re.sub(r"(?<=[a-zäöüéß])(?=[A-Z])", " ", header[:200].strip().lstrip("\ufeff"))
    letters = unicodedata.normalize("NFKD", parted.casefold())
    kept = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w#]|_", " ", kept).split())


def number_is(header: str) -> str:
    """Say what a bare number counts in a column of lengths: "ms", "s", "min", "h" or ""."""
    units = {"ms": "ms", "millis": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "secs": "s", "seconds": "s",
             "sekunden": "s", "min": "min", "mins": "min", "minutes": "min", "minuten": "min", "h": "h", "hours": "h",
             "stunden": "h"}  # fmt: skip
    return next((units[word] for word in plain(header).split() if word in units), "")


def _without_qualifier(words: list[str]) -> str:
    if len(words) > 1 and words[-1] in _TAILS:
        return _ROLES.get(" ".join(words[:-1]), UNKNOWN)
    if len(words) > 1 and words[-1] in ("ms", "s", "sec", "secs", "seconds", "min", "mins", "minutes", "h", "hours"):
        return _ROLES.get(" ".join(words[:-1]), UNKNOWN)
    if len(words) > 1 and words[0] in _QUALIFIERS:
        return _ROLES.get(" ".join(words[1:]), UNKNOWN)
    return UNKNOWN


def _by_look(values: Sequence[str]) -> str:
    if values and all(_ISO_DAY.fullmatch(value.strip()) for value in values):
        return "date"
    if values and all(codes.isrc(value) for value in values):
        return "isrc"
    if values and all(codes.web_address(value) for value in values):
        return "url"
    return UNKNOWN
