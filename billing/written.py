"""JSON in one line, as it is hashed and signed: by an encoder that is made once.

`json.JSONEncoder` makes its encoder anew for every text, which takes as long as a small text itself.
"""

import json
from collections.abc import Callable
from json import encoder
from typing import Any


def writer(*, in_order: bool) -> Callable[[object], str]:
    """Give what writes JSON without spaces and in ASCII, its keys in order where that is asked for."""
    plain = json.JSONEncoder(separators=(",", ":"), sort_keys=in_order, allow_nan=False)
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:  # a Python without its faster half
        return plain.encode
    skips_keys = takes_nan = False
    text = encoder.encode_basestring_ascii
    parts = make(None, plain.default, text, None, ":", ",", in_order, skips_keys, takes_nan)

    def write(value: object) -> str:
        return "".join(parts(value, 0))

    return write


written = writer(in_order=False)
written_in_order = writer(in_order=True)
