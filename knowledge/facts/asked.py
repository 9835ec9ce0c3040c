"""What a question was understood to ask for."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `set_no` -1 is the last set, `nth` -1 the last item; 0 where nothing was said."""

    intent: str
    masked: str
    set_no: int = 0
    show_no: int = 0
    nth: int = 0
    wants_first: bool = False
    wants_last: bool = False
    counting: bool = False
    usual: bool = False
    role: str = ""  # opener, closer, encore
    top: int = 0
    seconds: int | None = None
    of: str = ""  # what a top list is of; what attribute is asked


Fits = Callable[[str, Asked], str | bool | None]
"""Whether a question, beside what is known of it already, fits an intent; a word says what of it is asked."""
