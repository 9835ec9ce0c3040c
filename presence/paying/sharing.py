"""What the artist does about collaborators, at a terminal or in the studio: name them, divide, pay them."""

from billing import Currency, Splits
from billing.errors import SplitWrong
from billing.money import parsed
from billing.payables import Payables
from billing.shares import ARTIST
from knowledge import Things
from presence.asking.question import thing_bought
from trustgraph import Tier


def scope_named(things: Things, written: str) -> str:
    """Read a scope: a release can be named by the id that its page has, and is known by one that stays."""
    kind, _, ident = written.partition(":")
    thing = things.find(ident, int(Tier.INNER)) if kind == "release" else None
    return thing_bought(thing) if thing is not None and thing.kind == "release" else written


def party_named(splits: Splits, named: str) -> str:
    """Find a collaborator by id or by her whole name, where only one has it. Raises `SplitWrong`."""
    if named == ARTIST:
        return ARTIST
    found = [one.ident for one in splits.parties() if named in (one.ident, one.name)]
    if len(found) != 1:
        many = (
            "Several collaborators are called so; say which by her id." if found else "There is no such collaborator."
        )
        raise SplitWrong(f"{named}: {many}")
    return found[0]


def pay_out(
    payables: Payables, currency: Currency, party: str, ident: str, *, proof: str, amount: str | None = None
) -> int:
    """Book what was paid to a collaborator, once for each id; give the minor units that were.

    `amount` is as people write it; without one, it is all that makes whole minor units. Raises `SplitWrong` for
    fractions of a minor unit and for nobody, `NotEnough` for more than she has earned, `AmountWrong`.
    """
    minor, rest = currency.minor_of(parsed(amount)) if amount is not None else (None, 0)
    if rest:
        raise SplitWrong("Whole cents are paid out; the rest is carried.")
    return payables.pay_out(party, ident, proof=proof, minor=minor)


def link_of(origin: str, word: str) -> str:
    """Give the address by which a collaborator agrees, and sees what she earned."""
    return f"{origin}/splits/{word}"
