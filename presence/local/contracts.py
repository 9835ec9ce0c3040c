"""What a deed is: something that can be done at a terminal, told while it happens."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presence.bootstrap import Services

Tell = Callable[[dict[str, Any]], None]
Deed = Callable[["Services", dict[str, Any], Tell], int]
