"""Alarms: what a person has to look at, told once."""

from billing.plain import Plain, statement

_ALARM = statement("INSERT INTO alarms (id, sentence, at) VALUES (:id, :sentence, :at) ON CONFLICT (id) DO NOTHING")
_WAS_TOLD = statement("SELECT 1 FROM alarms WHERE id = :id")
_ALARMS = statement("SELECT id, sentence, at FROM alarms WHERE seen_at IS NULL ORDER BY at")


def alarm(plain: Plain, ident: str, sentence: str, at: int) -> None:
    """Tell the artist, once for each id, of money in doubt; `at` in Unix milliseconds."""
    plain.run(_ALARM, id=ident, sentence=sentence, at=at)


def untaxed(plain: Plain, payment: str, at: int) -> None:
    """Tell her of a payment that was taken before its tax could be worked out."""
    sentence = f"The tax of payment {payment} could not be worked out, and none was collected. Look at it at Stripe."
    alarm(plain, f"tax:{payment}", sentence, at)


def twice(plain: Plain, owner: str, subscription: str, at: int) -> None:
    """Tell her of somebody who subscribed on two payment pages that she had open at once."""
    sentence = f"{owner} pays for two subscriptions at once. End one of them at Stripe, and pay it back."
    alarm(plain, f"twice:{subscription}", sentence, at)


def was_told(plain: Plain, ident: str) -> bool:
    """Whether the artist was told of this before."""
    return plain.row(_WAS_TOLD, id=ident) is not None


def alarms(plain: Plain) -> list[tuple[str, str, int]]:
    """Give what the artist has to look at: id, sentence, Unix milliseconds."""
    return [(ident, sentence, at) for ident, sentence, at in plain.rows(_ALARMS)]
