"""Writing with a remote writer, as tests do."""

import threading
from collections.abc import Callable

from models import Limits, Usage
from models.remote import RemoteWriter
from tests.models.prompts import TEXTS, prompt_of
from tests.models.remote.imitation import Imitation

PROMPT = prompt_of(*TEXTS)

Open = Callable[..., tuple[RemoteWriter, Imitation]]


def written(writer: RemoteWriter, usage: Usage | None = None, limits: Limits | None = None) -> str:
    return "".join(writer.write(PROMPT, limits or Limits(), threading.Event(), usage))
