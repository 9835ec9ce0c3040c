"""An address is known again, and by nothing else."""

import pytest

from presence.errors import AddressWrong
from presence.sessions.mailboxes import address_of, mailbox_of
from trustgraph.sealing import Seal

SEAL = Seal(lambda: b"s" * 32)


@pytest.mark.parametrize("text", ["ann@example.org", " Ann@Example.ORG ", "ANN@EXAMPLE.ORG\n"])
def test_one_address_is_one_mailbox_however_it_is_written(text: str) -> None:
    assert mailbox_of(text, SEAL) == mailbox_of("ann@example.org", SEAL)


def test_two_addresses_are_two_mailboxes() -> None:
    texts = ["ann@example.org", "ann@example.com", "an.n@example.org", "ann+list@example.org", "bob@example.org"]
    assert len({mailbox_of(text, SEAL) for text in texts}) == 5


def test_a_mailbox_does_not_tell_its_address() -> None:
    mailbox = mailbox_of("ann@example.org", SEAL)
    assert len(mailbox) == 64
    assert mailbox != mailbox_of("ann@example.org", Seal(lambda: b"o" * 32))


def test_a_domain_is_written_as_machines_write_it() -> None:
    assert address_of("ann@Bücher.example") == "ann@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@example.org", "ann@", "a b@example.org", "ann@exa mple.org", "ann@example.org\nBcc: x@y.z",
     "a@b@c,d@e",
     "<ann@example.org>", "änn@example.org", "ann@.example", "ann@example..org", "a" * 65 + "@example.org",
     "ann@" + "a." * 130 + "org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressWrong):
        address_of(text)
