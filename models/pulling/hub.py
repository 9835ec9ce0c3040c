"""Speaks with a hub: what it offers, and the bytes. Whatever goes wrong there becomes a sentence.

`hf_hub_download` begins anew after every cut, so this stands on the two calls below it, which can go
on where a file ends. They also keep to plain HTTP, and take no token: nobody's key is sent anywhere.
"""

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.file_download import http_get

from models.catalogue import Entry
from models.errors import DownloadFailed

Progress = Callable[[int, int], None]
"""Takes the bytes that are there and the bytes of the whole."""

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the hub says it has: where the bytes are, how many, and their hash when it knows it."""

    address: str
    size_bytes: int | None
    sha256: str | None


def ask(entry: Entry, hub_url: str) -> Offer:
    """Ask the hub for one file, or raise `DownloadFailed`."""
    endpoint = hub_url.rstrip("/")
    with told(entry, hub_url):
        url = hf_hub_url(entry.repo, entry.file, revision=entry.revision, endpoint=endpoint)
        said = get_hf_file_metadata(url, token=False, endpoint=endpoint)
    sha256 = said.etag if said.etag and _SHA256.fullmatch(said.etag) else None
    return Offer(said.location, said.size, sha256)


def fetch(entry: Entry, offer: Offer, part: Path, progress: Progress, hub_url: str) -> None:
    """Bring `part` to its whole length; what is there already is not fetched again."""
    bar: Any = _bar(progress, entry.size_bytes)
    with told(entry, hub_url), part.open("ab") as file:
        http_get(offer.address, file, resume_size=file.tell(), expected_size=entry.size_bytes, tqdm_class=bar)


@contextmanager
def told(entry: Entry, hub_url: str) -> Iterator[None]:
    """Turn what the network and the disk raise into a sentence."""
    try:
        yield
    except HfHubHTTPError as error:
        raise DownloadFailed(_answered(entry, hub_url, error.response.status_code)) from error
    except (httpx2.InvalidURL, ValueError) as error:
        raise DownloadFailed(f"{hub_url} is no address of a hub. Set PRESENCE_MODELS__HUB_URL.") from error
    except (httpx2.HTTPError, OfflineModeIsEnabled) as error:
        raise DownloadFailed(_unreachable(hub_url)) from error
    except OSError as error:
        raise DownloadFailed(_unwritten(entry, error)) from error


def _gated(entry: Entry, hub_url: str) -> str:
    page = f"{hub_url.rstrip('/')}/{entry.repo}"
    return (
        f"{entry.name} asks for a sign-in. Fetch {entry.file} from {page} in a browser, then: presence models use FILE"
    )


def _answered(entry: Entry, hub_url: str, status: int) -> str:
    if status in (401, 403):
        return _gated(entry, hub_url)
    if status == 404:
        return f"{hub_url} has no {entry.file} at revision {entry.revision[:12]} of {entry.repo}. Choose another model."
    if status == 416:
        return f"{hub_url} has less of {entry.file} than was fetched already. presence models remove {entry.short}"
    return f"{hub_url} answered {status} for {entry.file}. What came is kept; try again later."


def _unreachable(hub_url: str) -> str:
    return (
        f"{hub_url} cannot be reached. Try again when the network is back (what came so far is kept), "
        "or fetch the file in another way, then: presence models use FILE"
    )


def _unwritten(entry: Entry, error: OSError) -> str:
    if error.errno is None:  # http_get counted the bytes
        return f"What came of {entry.file} has not the length that was promised. Try again."
    return f"{entry.file} cannot be written: {error.strerror}."


def _bar(progress: Progress, whole: int) -> type:
    """Make what `http_get` takes for a progress bar; it only counts."""

    class Counting:
        def __init__(self, **options: Any) -> None:
            self._done = int(options.get("initial") or 0)
            progress(self._done, whole)

        def __enter__(self) -> "Counting":
            return self

        def __exit__(self, *_raised: object) -> None:
            """Nothing is shown, so nothing is taken down."""

        def update(self, count: int) -> None:
            self._done += count
            progress(self._done, whole)

    return Counting
