"""What can go wrong with the public receipt log.

LogProofWrong   a proof, a tile, a note or a key that does not hold, with a sentence that says what does not
"""

from billing.errors import BillingError


class LogProofWrong(BillingError):
    """Something of the log is malformed, missing or not what was signed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
