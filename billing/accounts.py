"""The accounts of the ledger, by name. A debit is above zero, a credit below, as in Beancount.

assets       what the artist has: with the processor, at her bank, in dispute
liabilities  what she owes: to listeners (wallets and gifts), to collaborators, to the tax office, to nobody known
income       what answers, tips and subscriptions brought
expenses     what the processor took, what was given away, what disputes cost
"""

PROCESSOR = "assets:processor"
"""Money between the card and the bank: back at zero when everything is paid out."""
BANK = "assets:bank"
DISPUTED = "assets:disputed"
SUSPENSE = "liabilities:suspense"
"""Money that came and cannot be told whose it is. Never at rest: the artist is told."""
TAX = "liabilities:tax"
ANSWERS = "income:answers"
TIPS = "income:tips"
SUBSCRIPTIONS = "income:subscriptions"
FEES = "expenses:processor"
PROMOTION = "expenses:promotion"
LOSSES = "expenses:disputes"

FIXED = (PROCESSOR, BANK, DISPUTED, SUSPENSE, TAX, ANSWERS, TIPS, SUBSCRIPTIONS, FEES, PROMOTION, LOSSES)


def wallet(ident: str) -> str:
    """Name the account of what a listener has paid in."""
    return f"liabilities:wallets:{ident}"


def gift(ident: str) -> str:
    """Name the account of what a listener was given; it expires, and is never paid back."""
    return f"liabilities:gifts:{ident}"


def payable(party: str) -> str:
    """Name the account of what a collaborator has earned and was not paid yet."""
    return f"liabilities:payable:{party}"
