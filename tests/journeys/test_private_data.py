"""What must never be shown is shown nowhere: no address, no number to ring, no path, in no column and on no page.

What is private is found here by expressions of this test's own, in the files as they are.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.views import VIEWS
from presence.bootstrap import Services
from tests.knowledge.importers.examples import zipped
from tests.knowledge.importers.test_audio_tags import flac
from tests.knowledge.importers.test_docx import paragraph, word
from tests.knowledge.importers.test_wordpress import HEAD, item
from tests.nodes import client_of, open_node, take_in

DATA = Path(__file__).parents[3] / "shared" / "data"
FOLDERS = ("formats", "artist-site")
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
HOME = re.compile(
    r"(?<![\w.:/-])(?:/Users|/home|/mnt|/Volumes)/[^\s\"'<>]{2,}|\bfile:/+[^\s\"'<>]{2,}|\b[A-Z]:\\\w[^\s\"'<>]*"
)
ADDRESS = re.compile(r"(?<![\w.])(?:127|10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])")
PHONE = re.compile(r"(?<![\w.,:/=-])\+\d{2}[ ()/.-]{1,2}\d[\d ()/.-]{6,14}\d(?![\w.,-])")
LOOKS_PRIVATE = (MAIL, HOME, ADDRESS, PHONE)
OF_PROGRAMS = ("katex@",)  # a package and its version

WHO = "zeno.obuya+press@low-tide.example.org"
WHERE = "/Users/zenoobuya/Music/Low.mp3"
DRIVE = r"C:\Users\zenoobuya\low.mp3"
RING = "+44 20 7946 0958"
NET = "192.168.17.4"
# Four digits alone stand by chance in an id now and then.
NUMBERS = tuple(f"7946{gap}0958" for gap in (" ", "", "-", "+", "%20"))
SECRETS = ("zeno.obuya", "low-tide.example.org", "zenoobuya", *NUMBERS, NET)
ALL = f"{WHO}, {RING}, {WHERE}, {DRIVE}, {NET}"


def leaky(folder: Path) -> Path:
    """One file for every place in which something private may stand."""
    files: dict[str, bytes | str] = {
        f"mail {WHO}/{WHO} notes.md": f"---\ntitle: To {WHO}\nspeaker: Zeno <{WHO}>\nlicence: ask {ALL}\n"
        f"kind: album\nlabel: {WHO}\ncredits:\n  mixing: {WHO}\nlinks:\n  - https://example.org/?mail={WHO}\n"
        f"---\n# Ring {RING}\n\nIt is {ALL}.\n",
        "tags.flac": flac(
            f"TITLE=Low {WHO}",
            f"ARTIST={WHO}",
            f"COPYRIGHT=(c) {WHO}",
            f"COMMENT=Bought by {ALL}, and kept",
            f"LYRICS=The tide came in at {NET}. Write to {WHO}.",
            f"COMPOSER={WHO}",
            f"ALBUM={WHERE}",
        ),
        "bio.docx": word(paragraph(f"It is {ALL}."), title=f"Bio of {WHO}"),
        "posts.xml": HEAD.replace("Ada Marsh", WHO)
        + item(f"<p>It is {ALL}.</p>", title=f"By {WHO}", link=f"https://a.invalid/{WHO}")
        + "</channel></rss>",
        "members.zip": zipped(
            (f"{WHO}.md", f"It is {ALL}."), (f"{RING}/a.txt", f"It came from {NET}."), (f"b {WHO}.md", "Text.")
        ),
        "mix.cue": f'PERFORMER "{WHO}"\nTITLE "Mix {RING}"\nREM COMMENT "{WHERE}"\nFILE "{DRIVE}" WAVE\n'
        f'  TRACK 01 AUDIO\n    TITLE "{WHO}"\n    PERFORMER "{NET} x"\n    INDEX 01 00:00:00\n'
        f'  TRACK 02 AUDIO\n    TITLE "Monday"\n    INDEX 01 04:00:00\n',
        "shows.csv": "show_id,date,venue,city,country,note,url\n2,2019,Dock,Hull,GB,,\n"
        f'{WHO},2019-03-04,"Pier {RING}",Leeds,GB,"{ALL}",https://a.invalid/?m={WHO}\n',
        "plays.csv": f"show_id,position,song\n{WHO},1,{WHERE}\n2,1,Harbour\n2,2,Low Tide\n",
        "list.m3u": f"#EXTM3U\n#EXTINF:10,{WHO} - Low {WHERE}\n{WHERE}\n#EXTINF:9,Kaja - Snow\n{DRIVE}\n",
        "talk.vtt": f"WEBVTT\n\n00:01.000 --> 00:03.000\n<v {WHO}>It is {ALL}.\n\n00:04.000 --> 00:05.000\n<v A>Two.\n",
        "page.html": f'<html><head><title>{WHO}</title><meta name="author" content="{WHO}"></head>'
        f"<body><p>It is {ALL}.</p></body></html>",
        f"{RING}.txt": "The tide came in.",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def shown(services: Services) -> Iterator[tuple[str, str]]:
    """Every text that the innermost tier may read, with the column in which it stands."""
    with services.database.reader(4) as reader:
        for view in VIEWS:
            for row in reader.execute(text(f"SELECT * FROM {view}")).mappings():
                for column, value in row.items():
                    if isinstance(value, str) and column not in ("id", "document_id", "sha256", "version"):
                        yield f"{view}.{column}", value


def pages(services: Services, every: int = 1) -> Iterator[tuple[str, str]]:
    """Every page of what is open to all, and the answer's as a program gets it."""
    with services.database.reader(0) as reader:
        found = [f"/sources/{one}" for one in reader.execute(text("SELECT id FROM passages")).scalars()]
        for view in sorted(VIEWS.keys() & {"events", "set_items", "releases", "tracks", "credits", "links"}):
            rows = reader.execute(text(f"SELECT id FROM {view} ORDER BY id")).scalars().all()
            found += [f"/rows/{one}" for one in rows[::every]]
    with client_of(services) as client:
        for path in ["/", *found]:
            answer = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
            assert answer.status_code == 200, path
            yield path, answer.text


def leaks(told: Iterator[tuple[str, str]], secrets: frozenset[str]) -> list[str]:
    """Where something private stands."""
    parts = re.compile("|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True)))
    found = set()
    for where, said in told:
        hits = [one[0] for pattern in (parts, *LOOKS_PRIVATE) for one in pattern.finditer(said)]
        found |= {f"{where}: {hit}" for hit in hits if not hit.startswith(OF_PROGRAMS)}
    return sorted(found)


def private_in(folder: Path) -> frozenset[str]:
    """What is private in the files as they are, whatever their encoding."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".pdf", ".pdb", ".docx"):  # packed, so that chance writes addresses
            data = path.read_bytes()
            encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
            said = data.decode(encoding, errors="replace")
            found |= {one for pattern in LOOKS_PRIVATE for one in pattern.findall(said)}
    return frozenset(one for one in found if len(one) > 6 and not one.startswith(OF_PROGRAMS))


def test_whatever_place_it_stands_in_it_is_not_shown(node: Services, tmp_path: Path) -> None:
    report = take_in(node, leaky(tmp_path / "leaky"))
    assert {one.name: one.remarks for one in report.files if one.status == "refused"} == {}
    secrets = frozenset([*SECRETS, str(tmp_path)])
    assert leaks(shown(node), secrets) == []
    assert leaks(pages(node), secrets) == []


def test_files_whose_names_are_alike_without_it_stay_apart(node: Services, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "two.zip").write_bytes(
        zipped(("a@example.org.md", "The first note."), ("b@example.org.md", "The second."))
    )
    take_in(node, folder)
    assert node.library.counts(0).documents == 2
    again = take_in(node, folder)
    assert (again.count("unchanged"), again.replaced, node.library.counts(0).documents) == (1, 0, 2)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the sample files are elsewhere")
@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_private_of_the_samples_is_shown(tmp_path: Path, folder: str) -> None:
    secrets = private_in(DATA / folder)
    assert len(secrets) > 20
    secrets |= {str(DATA), str(tmp_path)}
    with open_node(tmp_path / "home") as services:
        take_in(services, DATA / folder)
        assert leaks(shown(services), secrets) == []
        assert leaks(pages(services, every=7), secrets) == []
