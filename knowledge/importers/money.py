"""Whether a text is about money: an invoice, a settlement, a royalty statement, a booking with its fee."""

import re

_AMOUNT = re.compile(r"(?:[$€£¥]\s?|\b(?:EUR|USD|GBP|CHF)\s?)\d|\d[\d.,]*\s?(?:[$€£¥]|(?:EUR|USD|GBP|CHF)\b)")
_WORD = re.compile(
    r"\b(?:invoice|settlement|royalt(?:y|ies)|net amount|gross amount|amount due|payable|payment terms|billing|iban|vat"
    r"|fee|deposit|rechnung|honorar|gage|facture|cachet)\b",
    re.IGNORECASE,
)
_LOOKED_AT_CHARS = 20_000
_AMOUNTS_MIN = 2
_WORDS_MIN = 2


def is_about_money(text: str) -> bool:
    """A memory of a night may name a fee; a paper about money names several amounts and calls them so."""
    beginning = text[:_LOOKED_AT_CHARS]
    called = {found[0].lower() for found in _WORD.finditer(beginning)}
    return len(called) >= _WORDS_MIN and len(_AMOUNT.findall(beginning)) >= _AMOUNTS_MIN
