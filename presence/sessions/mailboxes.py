"""Addresses are not kept. A keyed hash is, by which an address is known again when it comes by itself."""

import re

from presence.errors import AddressWrong
from trustgraph.sealing import Seal

ADDRESS_CHARS_MAX = 254
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9-]+")


def address_of(text: str) -> str:
    """Give an address as it is written to and known by, or raise `AddressWrong`."""
    local, at, domain = text.strip().lower().rpartition("@")
    try:
        address = local + at + domain.encode("idna").decode()
    except UnicodeError as error:
        raise AddressWrong from error
    if len(address) > ADDRESS_CHARS_MAX or _ADDRESS.fullmatch(address) is None:
        raise AddressWrong
    return address


def mailbox_of(address: str, seal: Seal) -> str:
    """Name an address by its keyed hash."""
    return seal.name(address_of(address), "mailbox")
