"""Whether this machine's clock goes right: by the kernel's own word, and by the Date that the front tells."""

import ctypes
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

from presence.sight.checked import Checked
from presence.sight.public.reach import Reach

APART_SECONDS_MAX = 5.0
_TIMEX_BYTES = 512
"""More than the kernel's struct timex on any processor; zeroed, it asks and sets nothing."""
_UNSYNCHRONISED = 5
_SET = "Let the clock be kept: timedatectl set-ntp true. Sign-in, prices and backups go by it."


def kept() -> bool | None:
    """Whether something keeps this machine's clock, by the kernel; None where it does not say."""
    try:
        state = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _UNSYNCHRONISED


def clock_check(reach: Reach, is_kept: Callable[[], bool | None] = kept) -> Iterator[Checked]:
    """Compare the clock with the front's, and ask the kernel whether it is kept."""
    with reach.client() as client:
        told = client.get("/healthz").headers.get("date")
    if told is not None:
        apart = abs(time.time() - parsedate_to_datetime(told).timestamp())
        if apart > APART_SECONDS_MAX:
            said = f"This machine's clock and the front's are {apart:,.0f} seconds apart."
            yield Checked("clock", "wrong", said, _SET)
            return
    state = is_kept()
    if state:
        yield Checked("clock", "ok", "It is kept by a time service.")
    elif state is None:
        yield Checked("clock", "unknown", "Whether something keeps the clock cannot be seen here.", _SET)
    else:
        yield Checked("clock", "unknown", "Nothing keeps this machine's clock, by what the kernel knows.", _SET)
