"""The grammar of a pointing answer, in llama.cpp's GBNF."""

from collections.abc import Iterable

# Connecting words are short and carry no digits and no names beyond a first capital.
CONNECTION_CHARS = (5, 80)


def pointing_grammar(numbers: Iterable[int], pointers_max: int) -> str:
    """Allow connecting sentences and pointers at these numbers only, at most `pointers_max` of them."""
    shortest, longest = CONNECTION_CHARS
    choices = " | ".join(f'"{number}"' for number in numbers)
    return "\n".join(
        (
            f'root ::= unit (" " unit){{0,{pointers_max - 1}}}',
            'unit ::= (connection " ")? "[" number "]"',
            f"number ::= {choices}",
            f"connection ::= [A-Z] [a-z ,']{{{shortest},{longest}}} [.:]",
        )
    )
