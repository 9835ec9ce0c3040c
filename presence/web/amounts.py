"""Amounts as people type them into forms: with a point, or with a comma where it can only be that of a decimal."""

import re
from typing import Annotated

from fastapi import Form
from pydantic import AfterValidator

AMOUNT_CHARS_MAX = 40
# With three digits after it, a comma might as well stand between thousands: that is refused, and never guessed.
_COMMA = re.compile(r"(\s*[0-9]+),([0-9]{1,2}\s*)", re.ASCII)


def with_a_point(typed: str) -> str:
    """Write `7,50` as `7.50`; anything else stays as it is."""
    found = _COMMA.fullmatch(typed)
    return f"{found[1]}.{found[2]}" if found else typed


Amount = Annotated[str, Form(max_length=AMOUNT_CHARS_MAX), AfterValidator(with_a_point)]
