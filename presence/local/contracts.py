"""What a deed is: something that can be done at a terminal, told while it happens."""

from collections.abc import Callable
from typing import Any

from presence.bootstrap import Services

Tell = Callable[[dict[str, Any]], None]
Deed = Callable[[Services, dict[str, Any], Tell], int]
