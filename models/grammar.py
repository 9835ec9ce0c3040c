"""The grammar of a pointing answer, in llama.cpp's GBNF: short connecting sentences and `[n]`, each n once."""

import re
from collections.abc import Iterable

# Connecting words are short and carry no digits and no names beyond a first capital.
CONNECTION_CHARS = (5, 80)

_POINTERS = re.compile(r"\[(\d+)\]")


def pointing_grammar(numbers: Iterable[int], pointers_max: int) -> str:
    """Allow connecting sentences and pointers at these numbers only, at most `pointers_max` of them.

    For a server that follows one grammar throughout: it cannot say that each number comes once.
    """
    return "\n".join((f'root ::= unit (" " unit){{0,{pointers_max - 1}}}', *_unit(numbers)))


class Pointing:
    """The same, narrowed after every pointer: a number that was pointed at is gone."""

    def __init__(self, numbers: Iterable[int], pointers_max: int) -> None:
        self._numbers = tuple(numbers)
        self._pointers_max = pointers_max

    def rules(self, written: str) -> str | None:
        """Give what may follow, None after the last pointer that is allowed."""
        used = {int(number) for number in _POINTERS.findall(written)}
        left = [number for number in self._numbers if number not in used]
        if not left or len(used) >= self._pointers_max:
            return None
        root = 'root ::= (" " unit)?' if used else "root ::= unit"
        return "\n".join((root, *_unit(left)))

    def renews(self, written: str) -> bool:
        """Whether a pointer has just been finished."""
        return written.endswith("]")


def _unit(numbers: Iterable[int]) -> tuple[str, ...]:
    shortest, longest = CONNECTION_CHARS
    choices = " | ".join(f'"{number}"' for number in numbers)
    return (
        'unit ::= (connection " ")? "[" number "]"',
        f"number ::= {choices}",
        f"connection ::= [A-Z] [a-z ,']{{{shortest},{longest}}} [.:]",
    )
