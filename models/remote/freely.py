"""Reads an answer in a model's own words: everything but its thoughts, as it comes."""

from models.thoughts import Thoughts


class Freely:
    """Reads one answer; how long it may become is the server's limit of tokens."""

    full = False

    def __init__(self) -> None:
        self._thoughts = Thoughts()

    def read(self, text: str) -> str:
        """Take a piece of the answer; gives what of it is no thought."""
        return self._thoughts.without(text)
