"""Sentences of the other packages, which know no languages: named here, so that the catalogues have them.

A test looks whether each still stands where it comes from.
"""

from billing.errors import AmountWrong
from presence.languages.sentences import later

WORDS = {
    "billing/pricing.py": (
        later("This costs nothing here."),
        later("The first answers are free."),
        later("Some answers a month are free for you."),
        later("This is yours."),
    ),
    "billing/errors.py": (
        later("This answer has been settled already."),
        later("There is not enough in your wallet for this answer."),
        later("Your wallet is closed while one of its payments is being looked into."),
        later("This would go beyond what may be spent in this way in a day. Who owns the wallet can allow more."),
        later("This answer has a price, and there is nothing in your wallet yet."),
        later("This presence cannot take money yet; nothing was charged."),
        later("The free answers are used up for now. Ask for the price again."),
    ),
    "models/errors.py": (
        later("{waiting} questions are waiting already. Try again in {retry_after_s} seconds."),
        later("One question is waiting already. Try again in {retry_after_s} seconds."),
        later("The writer has no place now. Try again in {retry_after_s} seconds."),
        later("The presence is closing. Ask again when it is back."),
    ),
    "presence/asking/repeats.py": (later("You asked this before, and nothing it rests on has changed."),),
    "presence/persona/files.py": (later("I do not speak about that here."),),
}
"""Whole sentences, by the file that says them."""

FILLED_IN = (
    later("This would go beyond what you allow yourself to spend in a day. You can change that limit."),
    later("This would go beyond what you allow yourself to spend in a month. You can change that limit."),
)
"""Sentences of `billing.errors.CapReached`, which puts a word into them."""

IN_SHORT: dict[type[Exception], str] = {
    AmountWrong: later("This is no amount. Write digits, with a point for what is less than one."),
}
"""What is said in other languages of a refusal whose own sentence is made of parts."""
