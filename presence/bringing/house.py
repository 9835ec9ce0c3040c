"""Where what is brought in lies until the artist has looked at it, and the one worker that reads it.

Files lie in a folder of their own below the home; what is read of them is seen by nobody before it is
confirmed. When the node ends meanwhile, the files are still there and can be read once more.
"""

import json
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import structlog

from knowledge import ImportReport, KnowledgeError, Library
from knowledge.addresses import OUTSIDE, Door
from knowledge.errors import ImportRefused, NoRoom, NothingToImport, PreviewGone, PreviewOutdated
from knowledge.imported import ImportRequest, Preview, Step
from knowledge.recordings.uploads import KEPT_FREE_BYTES, free_bytes
from presence.bringing.fetching import brought
from presence.bringing.mending import Mending
from presence.bringing.names import safe_name
from presence.bringing.sources import Sources
from presence.bringing.unpacking import unpack
from presence.bringing.welcome import Welcome
from presence.errors import NotWaiting, SentTooMuch, UnknownBringing

ABANDONED_SECONDS = 7 * 24 * 3600.0
SHELF = "brought:"
"""Before the names of files that were sent: where they came from on somebody's machine, no browser tells."""
_WISH = "wish.json"
_NOTHING = "There is nothing in it that could be read."
_BROKEN = "It could not be read to its end; the log of the node says why. Bring it in once more."
log = structlog.get_logger()

Stage = Literal["gathering", "reading", "waiting", "showing", "shown", "failed", "broken off"]


@dataclass(frozen=True, slots=True)
class Wish:
    """How something is to be taken in. Without a `tier` each file's own word counts.

    Where it has none, what is here already stays as it was, and what is new is for `inner`.

    `beside` keeps it apart from what was brought in under the same names; `welcome` marks the first steps.
    """

    label: str
    tier: int | None = None
    speaker: str = ""
    beside: bool = False
    address: str = ""
    site: bool = False
    welcome: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """What is being brought in, and where it stands; `why` says why it failed, `left_out` what was not looked at."""

    ident: str
    wish: Wish
    stage: Stage
    since: float
    step: Step | None = None
    preview: Preview | None = None
    report: ImportReport | None = None
    why: str = ""
    left_out: tuple[str, ...] = ()
    again: bool = False  # the notes changed while it waited, so it was read once more


class _Stopped(Exception):
    """Nobody waits for this any more."""


class BringingIn:
    """One per node; thread-safe. Things are read one after the other."""

    def __init__(
        self,
        folder: Path,
        library: Library,
        called: Callable[[], str],
        *,
        file_bytes_max: int,
        sent_bytes_max: int,
        door: Door = OUTSIDE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder / "brought"
        self.sources = Sources(self.folder / "sources")
        self.mending, self.welcome = Mending(library, self.sources, self.folder), Welcome(self.folder)
        self.file_bytes_max, self.sent_bytes_max = file_bytes_max, sent_bytes_max
        self._home, self._library, self._called = folder, library, called
        self._door, self._now = door, now
        self._all: dict[str, Brought] = {}
        self._work: dict[str, Future[None]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._worker = ThreadPoolExecutor(1, "bringing-in")

    def begin(self, wish: Wish) -> str:
        """Make room for something new; give its name."""
        self._sweep()
        ident = secrets.token_urlsafe(9)
        self._files(ident).mkdir(mode=0o700, parents=True)
        (self.folder / ident / _WISH).write_text(json.dumps(asdict(wish)), encoding="utf-8")
        with self._lock:
            self._all[ident] = Brought(ident, wish, "gathering", self._now())
        return ident

    @contextmanager
    def incoming(self, ident: str, told: str) -> Iterator["Incoming | None"]:
        """Open the place of a file that is being sent; None for one that is nobody's material."""
        if self.one(ident).stage != "gathering":
            raise NotWaiting
        name = safe_name(told)
        if name is None:
            yield None
            return
        place = self._files(ident).joinpath(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.folder / ident / f"{secrets.token_hex(8)}.part"
        taken = sum(file.stat().st_size for file in self._files(ident).rglob("*") if file.is_file())
        try:
            with half.open("wb") as file:
                yield Incoming(file.write, self.sent_bytes_max - taken, self.sent_bytes_max, self.folder)
            half.replace(place)
        finally:
            half.unlink(missing_ok=True)

    def put(self, ident: str, name: str, text: str) -> None:
        """Put a text there as if it were a file of this name."""
        with self.incoming(ident, name) as file:
            if file is not None:
                file.write(text.encode())

    def one(self, ident: str) -> Brought:
        """Say where something stands, or raise `UnknownBringing`."""
        with self._lock:
            found = self._all.get(ident)
        found = found or self._broken_off(ident)
        if found is None:
            raise UnknownBringing
        return found

    def waiting(self) -> list[Brought]:
        """Give what was begun and is neither shown nor thrown away, the newest first."""
        with self._lock:
            known = dict(self._all)
        lying = [path.parent.name for path in self.folder.glob(f"*/{_WISH}")]
        found = [known.get(ident) or self._broken_off(ident) for ident in {*known, *lying}]
        return sorted((one for one in found if one and one.stage != "shown"), key=lambda one: -one.since)

    def read(
        self,
        ident: str,
        *,
        tier: int | None = None,
        mended: Mapping[tuple[str, int], str] | None = None,
        keep: bool = False,
    ) -> None:
        """Read what lies there, in the background; `mended` are new words for lines of its files.

        With `keep` it is shown at once, unless a line of it is still not understood.
        """
        one = self.one(ident)
        if one.stage in ("reading", "showing", "shown"):
            raise NotWaiting
        wish = replace(one.wish, tier=tier) if mended is not None else one.wish
        self._go_on(one, replace(one, wish=wish, stage="reading", preview=None, step=None, why="", again=False))
        try:
            self._discard(one)
            for (name, line), words in (mended or {}).items():
                self._mend(ident, name, line, words)
        except BaseException:
            self._set(one)  # as it stood: nobody reads it now
            raise
        self._do(ident, self._read_and_keep if keep else self._read)

    def confirm(self, ident: str) -> None:
        """Show what waits, in the background."""
        one = self.one(ident)
        if one.stage != "waiting":
            raise NotWaiting
        self._go_on(one, replace(one, stage="showing"))
        self._do(ident, self._show)

    def throw_away(self, ident: str) -> None:
        """Forget something, wherever it stands; what is shown stays."""
        one = self.one(ident)
        if one.stage == "showing":
            raise NotWaiting
        with self._lock:
            self._all.pop(ident, None)
        self._discard(one)
        shutil.rmtree(self.folder / ident, ignore_errors=True)

    def wait(self, ident: str, seconds: float) -> None:
        """Wait a little for what goes on, so that what is short needs no second look."""
        work = self._work.get(ident)
        if work is not None:
            with suppress(TimeoutError, CancelledError):
                work.result(seconds)

    def take_in(self, files: Mapping[str, str], wish: Wish) -> ImportReport:
        """Take texts in at once, as files of these names; raises `ImportRefused` where one cannot be read."""
        ident = self.begin(wish)
        try:
            for name, text in files.items():
                self.put(ident, name, text)
            preview = self._library.stage_path(self._request(ident, wish), lambda _step: None)
            refused = next((file.remarks[0] for file in preview.files if file.status == "refused"), None)
            if refused is not None:
                self._library.discard_staged(preview.import_id)
                raise ImportRefused(refused)
            try:
                report = self._library.publish_staged(preview.import_id)
            except PreviewOutdated:
                report = self._library.import_path(self._request(ident, wish), lambda _step: None)
            self.sources.keep(self._files(ident))
        finally:
            with self._lock:
                self._all.pop(ident, None)
            shutil.rmtree(self.folder / ident, ignore_errors=True)
        return report

    def close(self) -> None:
        """Stop reading; the files are there at the next start."""
        self._closed.set()
        self._worker.shutdown(cancel_futures=True)

    def _files(self, ident: str) -> Path:
        return self.folder / ident / "files"

    def _request(self, ident: str, wish: Wish) -> ImportRequest:
        shelf = f"{SHELF}/{ident}" if wish.beside else SHELF
        return ImportRequest(
            self._files(ident),
            artist=self._called(),
            tier=wish.tier,
            speaker=wish.speaker or None,
            file_bytes_max=self.file_bytes_max,
            shelf=str(self._home.resolve()) if wish.address else shelf,
            label=wish.label,
        )

    def _do(self, ident: str, deed: Callable[[Brought], None]) -> None:
        def done() -> None:
            try:
                deed(self.one(ident))
            except (_Stopped, UnknownBringing):
                log.info("bringing_in_stopped")
            except NothingToImport:
                self._failed(ident, _NOTHING)
            except KnowledgeError as error:
                self._failed(ident, str(error))
            except Exception:
                log.exception("bringing_in_failed")
                self._failed(ident, _BROKEN)

        self._work[ident] = self._worker.submit(done)

    def _read(self, one: Brought) -> None:
        files, left_out = self._files(one.ident), list[str]()
        if one.wish.address and not any(path.is_file() for path in files.rglob("*")):
            self._fetch(one, left_out)
        for zipped in [path for path in files.rglob("*") if path.is_file() and self._is_large_zip(path)]:
            folder = zipped.with_suffix("")
            left_out += unpack(
                zipped, folder, file_bytes_max=self.file_bytes_max, bytes_max=min(self.sent_bytes_max, self._room())
            )
        preview = self._library.stage_path(self._request(one.ident, one.wish), self._steps(one.ident))
        with self._lock:
            if one.ident in self._all:
                here = self._all[one.ident]
                self._all[one.ident] = replace(here, stage="waiting", preview=preview, left_out=tuple(left_out))
                return
        self._library.discard_staged(preview.import_id)  # thrown away at the last moment

    def _is_large_zip(self, path: Path) -> bool:
        return path.suffix.lower() == ".zip" and path.stat().st_size > self.file_bytes_max

    def _read_and_keep(self, one: Brought) -> None:
        self._read(one)
        here = self.one(one.ident)
        if here.preview is not None and not any(file.unread for file in here.preview.files):
            self._set(replace(here, stage="showing"))
            self._show(self.one(one.ident))

    def _fetch(self, one: Brought, left_out: list[str]) -> None:
        def tell(told: dict[str, Any]) -> None:
            if told["event"] == "unfetched":
                left_out.append(f"{told['name']}: {told['why']}")
            else:
                self._steps(one.ident)(Step(str(told["name"]), 0, 0))

        files = self._files(one.ident)
        brought(files, one.wish.address, site=one.wish.site, bytes_max=self.file_bytes_max, tell=tell, door=self._door)

    def _show(self, one: Brought) -> None:
        if one.preview is None:
            raise NotWaiting
        try:
            report = self._library.publish_staged(one.preview.import_id)
        except (PreviewOutdated, PreviewGone):
            self._set(replace(one, stage="reading", preview=None, again=True))
            self._read(one)
            return
        self.sources.keep(self._files(one.ident))
        shutil.rmtree(self.folder / one.ident, ignore_errors=True)
        self._set(replace(one, stage="shown", report=report))

    def _steps(self, ident: str) -> Callable[[Step], None]:
        def step(told: Step) -> None:
            with self._lock:
                here = self._all.get(ident)
                if here is None or self._closed.is_set():
                    raise _Stopped
                self._all[ident] = replace(here, step=told)

        return step

    def _go_on(self, one: Brought, then: Brought) -> None:
        """Take a step from where something stood; raises `NotWaiting` where it does not stand there any more."""
        with self._lock:
            if self._all.get(one.ident, one) is not one:
                raise NotWaiting
            self._all[one.ident] = then

    def _set(self, one: Brought) -> None:
        with self._lock:
            self._all[one.ident] = one

    def _failed(self, ident: str, why: str) -> None:
        with self._lock:
            if ident in self._all:  # or it was thrown away meanwhile
                self._all[ident] = replace(self._all[ident], stage="failed", why=why)

    def _discard(self, one: Brought) -> None:
        if one.preview is not None and one.stage == "waiting":
            with suppress(PreviewGone):
                self._library.discard_staged(one.preview.import_id)

    def _mend(self, ident: str, name: str, line: int, words: str) -> None:
        """Give a line of a file other words; without any, it goes."""
        path = self._files(ident).joinpath(name)
        self.sources.write_line(path, line, words)

    def _broken_off(self, ident: str) -> Brought | None:
        """Give what a node that ended left lying."""
        if not ident.replace("-", "").replace("_", "").isalnum():
            return None
        note = self.folder / ident / _WISH
        try:
            wish = Wish(**json.loads(note.read_text(encoding="utf-8")))
            return Brought(ident, wish, "broken off", note.stat().st_mtime)
        except (OSError, ValueError, TypeError):
            return None

    def _sweep(self) -> None:
        for one in self.waiting():
            if one.stage in ("broken off", "gathering") and self._now() - one.since > ABANDONED_SECONDS:
                self.throw_away(one.ident)

    def _room(self) -> int:
        return max(0, free_bytes(self.folder) - KEPT_FREE_BYTES)


class Incoming:
    """A file on its way in; `write` refuses more than may be sent at once, and what the disk has no room for."""

    def __init__(self, write: Callable[[bytes], int], room: int, most: int, folder: Path) -> None:
        self._write, self._left, self._most, self._folder = write, room, most, folder

    def write(self, data: bytes) -> None:
        """Add these bytes; raises `SentTooMuch` or `NoRoom`."""
        if len(data) > self._left:
            raise SentTooMuch(self._most)
        if free_bytes(self._folder) - KEPT_FREE_BYTES < len(data):
            raise NoRoom
        self._left -= len(data)
        self._write(data)
