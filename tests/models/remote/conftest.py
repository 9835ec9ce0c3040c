"""A remote writer opened on an imitation of a server."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from models.remote import RemoteWriter
from tests.models.remote.imitation import Imitation, Reply, serving
from tests.models.remote.writing import Open


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open a writer on an imitation: replies by position, the writer's own options in `to`."""
    with ExitStack() as until_the_end:

        def open_both(
            *replies: Reply, to: dict[str, Any] | None = None, **manners: Any
        ) -> tuple[RemoteWriter, Imitation]:
            imitation = until_the_end.enter_context(serving(Imitation(list(replies), **manners)))
            writer = RemoteWriter(imitation.url, **(to or {}))
            until_the_end.callback(writer.close)
            return writer, imitation

        yield open_both
