"""Money that is broken in one place is caught by a test: each row breaks one line, and names the test that sees it."""

import inspect
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from billing import chain as chains
from billing import holds, ledger, prices, pricing, publishing, receipts, shares, splits, wallets
from billing.cards import disputes, entitlements, paid, refunds
from billing.plain import Plain, Statement, statement
from presence.database import Database
from presence.write_lane import WriteLane
from tests.billing import (
    test_holds,
    test_ledger,
    test_prices,
    test_publishing,
    test_races,
    test_shares,
    test_subscriptions,
    test_taxes,
)
from tests.billing.card_desk import Desk
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till
from tests.billing.logs import public_log
from tests.strict_stripe import StrictStripe
from trustgraph import Key

INVARIANTS = Path(__file__).parents[2] / "docs/reference/invariants.md"

Mutant = tuple[types.ModuleType, str, str, Callable[..., None]]
MUTANTS: dict[str, Mutant] = {
    "an id may say two things": (
        ledger, "if earlier[0] != sha256:", "if False:", test_ledger.test_what_it_was_about_is_part_of_what_it_says,
    ),
    "what it was about is not bound": (
        ledger, "self.entries], about_text]", "self.entries]]",
        test_ledger.test_what_it_was_about_is_part_of_what_it_says,
    ),
    "a posting is not looked for": (
        ledger, "None if is_known_new else _found(plain, transaction.ident)", "None",
        test_ledger.test_the_same_posting_twice_changes_nothing,
    ),
    "a hold ends twice": (
        holds, "captured = :captured WHERE id = :id AND state = 'pending'", "captured = :captured WHERE id = :id",
        test_holds.test_a_hold_ends_once,
    ),
    "what was not owed stays set aside": (
        holds, "held = held - :micros, posted", "held = held - :paid, posted",
        test_holds.test_what_is_owed_is_taken_and_the_rest_is_free_again,
    ),
    "a gift is spent last": (
        holds, "given = min(owed, hold.gift_micros)", "given = max(0, owed - hold.micros)",
        test_holds.test_what_was_given_is_spent_before_what_was_paid,
    ),
    "limits forget what is set aside": (
        holds, "spent_since(plain, wallet.ident, since) - held", "spent_since(plain, wallet.ident, since)",
        test_holds.test_her_own_limits,
    ),
    "a frozen wallet pays": (
        holds, "if wallet.frozen_because is not None:", "if False:", test_holds.test_a_frozen_wallet_pays_nothing,
    ),
    "one free place too many": (
        holds, "used[0] >= free.most", "used[0] > free.most",
        test_prices.test_the_first_answers_are_free_and_no_more,
    ),
    "what is written here expires here": (
        holds, "if ident not in self._alive and", "if", test_holds.test_a_hold_that_nobody_keeps_alive_expires,
    ),
    "what is hers is paid again": (
        holds, "    if is_bought:\n        return 0\n", "", test_races.test_what_is_bought_twice_at_once_is_paid_once,
    ),
    "more is paid than makes it hers": (
        holds, "return min(owed, max(0, offer.own_at_micros - paid)) if offer.own_at_micros else owed", "return owed",
        test_races.test_what_is_paid_about_a_thing_at_once_is_never_more_than_makes_it_hers,
    ),
    "a gift is given again": (
        wallets, 'Transaction(ident, "gift", entries, {"why": why}), at):',
        'Transaction(ident, "gift", entries, {"why": why}), at) or True:',
        test_holds.test_what_was_given_once_is_not_given_again_and_expires,
    ),
    "a gift never expires": (
        wallets, "self.gift_expires_at <= at", "False",
        test_holds.test_what_was_given_once_is_not_given_again_and_expires,
    ),
    "remainders go by name": (
        shares, "key=lambda party: -(micros * weights[party] % whole)", "key=lambda party: 0",
        test_shares.test_a_hundred_thousand_divisions_are_exact,
    ),
    "a remainder is lost": (
        shares, "by_remainder[:left]", "by_remainder[1:left]", test_shares.test_any_division_is_exact,
    ),
    "the order of telling counts": (
        shares, "order = sorted(weights, key=_artist_first)", "order = list(weights)",
        test_shares.test_a_hundred_thousand_divisions_are_exact,
    ),
    "a split holds before it is agreed": (
        splits, "AND p.accepted_at IS NULL)", "AND p.accepted_at < 0)",
        test_shares.test_a_split_holds_when_everybody_in_it_has_accepted,
    ),
    "the node goes before the note": (
        splits, 'return [*(f"note:{name}" for name in (cited.note, *cited.earlier)), *release, NODE]',
        'return [NODE, *release, f"note:{cited.note}"]',
        test_shares.test_a_note_goes_before_its_release_and_that_before_the_node,
    ),
    "every source weighs the same": (
        splits, "sources.append((weight, shares))", "sources.append((1, shares))",
        test_shares.test_sources_are_weighed_by_what_was_quoted,
    ),
    "the ceiling is no ceiling": (
        prices, "min(self.ceiling_micros, self.per_sentence_micros * sentences)",
        "self.per_sentence_micros * sentences", test_prices.test_never_more_is_owed_than_the_ceiling,
    ),
    "an offer goes beyond what makes it hers": (
        pricing, "most = min(offer.ceiling_micros, left)", "most = offer.ceiling_micros if left else 0",
        test_prices.test_what_was_paid_about_a_record_counts_until_it_is_hers,
    ),
    "free answers of a month never begin again": (
        pricing, '.strftime("%Y-%m")', '.strftime("%Y")',
        test_prices.test_free_answers_a_month_are_a_tiers_and_begin_again,
    ),
    "a receipt is signed without its context": (
        receipts, "self._signer.sign(CONTEXT + body)", "self._signer.sign(body)",
        test_holds.test_a_receipt_holds_by_the_public_key_alone,
    ),
    "the payer is named": (
        receipts, 'commitment(salts["payer"], sold.payer)', "sold.payer",
        test_publishing.test_no_name_and_no_question_is_in_any_published_file,
    ),
    "a signature is written in many ways": (
        receipts, "base64.b64encode(read).decode() == signature and ", "",
        test_publishing.test_a_signature_is_written_in_one_way,
    ),
    "the chain has a gap": (
        chains, "n, before = n + 1,", "n, before = n + 2,",
        test_publishing.test_the_chain_has_every_transaction_once_whenever_it_is_followed_up,
    ),
    "the chain passes a transaction over": (
        chains, "FROM ledger_chain) - {window}", "FROM ledger_chain) + 1 - {window}",
        test_publishing.test_the_chain_has_every_transaction_once_whenever_it_is_followed_up,
    ),
    "a database that was set back is not noticed": (
        publishing, "            self._check_known(before)\n", "",
        test_publishing.test_a_database_that_was_set_back_signs_nothing,
    ),
    "the checkpoint is served before it is kept": (
        publishing, "SELECT coalesce(max(leaf) + 1, 0) FROM receipt_leaves", "SELECT 0",
        test_publishing.test_what_was_published_is_served_until_there_is_more,
    ),
    "a witness is not waited for": (
        publishing, "        with self._in_turn:\n            published =", "        if True:\n            published =",
        test_publishing.test_a_witness_and_a_publication_at_once_take_nothing_back,
    ),
    "files that are gone stay gone": (
        publishing, "self._again(published.note)\n", "pass\n",
        test_publishing.test_one_file_that_was_deleted_or_damaged_is_made_again,
    ),
    "what was paid back entitles": (
        entitlements, "WHERE r.payment = p.id AND r.state <> 'failed'", "WHERE r.payment = p.id AND 1 = 0",
        test_subscriptions.test_a_refund_that_fails_entitles_again,
    ),
    "a dispute entitles": (
        entitlements, "AND d.state IN ('needs_response',", "AND d.state IN (",
        test_subscriptions.test_a_dispute_takes_back_at_once_and_gives_back_when_it_is_won,
    ),
    "tax is income": (
        paid, "(paid, *taxed(tax), *_tipped(plain, net))", "(paid, *_tipped(plain, total))",
        test_taxes.test_the_tax_of_a_tip_is_nobodys_income,
    ),
    "tax is put into a wallet": (
        paid, "net = total - tax ", "net = total", test_taxes.test_tax_on_top_is_paid_beside_what_is_credited,
    ),
    "tax is not given back": (
        refunds, "return payment.tax_micros - tax", "return 0",
        test_taxes.test_all_that_was_paid_goes_back_to_the_cent,
    ),
    "a dispute takes tax out of a wallet": (
        disputes, "lost * payment.micros // payment.total_micros", "lost",
        test_taxes.test_a_lost_dispute_takes_no_tax_out_of_a_wallet,
    ),
}  # fmt: skip
GUARDS: dict[str, tuple[Callable[..., None], Any]] = {
    "ledger_entries_UPDATE": (test_ledger.test_what_was_posted_is_neither_changed_nor_deleted, "ledger_entries"),
    "receipts_DELETE": (test_ledger.test_what_was_posted_is_neither_changed_nor_deleted, "receipts"),
    "ledger_transactions_balance": (test_ledger.test_what_does_not_balance_is_refused, None),
    "ledger_entries_sealed": (test_ledger.test_a_posted_transaction_takes_no_further_entry, [1, -1]),
}
WRONG = (Exception, pytest.fail.Exception)


@pytest.fixture
def database_url() -> None:
    """Mutants live on SQLite."""


@pytest.fixture
def loose(database: Database, lane: WriteLane, clock: Clock) -> Till:
    """A till whose books nobody looks at in the end."""
    return Till(database, lane, clock, Key(b"p" * 32))


def mutated(module: types.ModuleType, old: str, new: str) -> types.ModuleType:
    """Compile a module with one thing changed."""
    source = inspect.getsource(module)
    assert source.count(old) == 1, f"{module.__name__} says this otherwise now: {old}"
    broken = types.ModuleType(module.__name__)
    sys.modules["a mutant"] = broken
    exec(compile(source.replace(old, new), "a mutant", "exec"), broken.__dict__)
    return broken


def functions_of(space: dict[str, Any], module: str) -> Iterator[tuple[str, types.FunctionType]]:
    """Give the functions of a module and of its classes, by name."""
    for name, kept in list(space.items()):
        found = kept.fget if isinstance(kept, property) else kept
        if isinstance(found, types.FunctionType) and found.__module__ == module and not name.startswith("__"):
            yield name, found
        elif isinstance(found, type) and found.__module__ == module:
            for inner, function in functions_of(dict(found.__dict__), module):
                yield f"{name}.{inner}", function


def put_in(monkeypatch: pytest.MonkeyPatch, module: types.ModuleType, broken: types.ModuleType) -> None:
    """Let everybody who has the module's functions run the broken ones."""
    others = dict(functions_of(broken.__dict__, module.__name__))
    for name, function in functions_of(module.__dict__, module.__name__):
        if function.__code__.co_code and function.__code__.co_freevars == others[name].__code__.co_freevars:
            monkeypatch.setattr(function, "__code__", others[name].__code__)
    for name, found in broken.__dict__.items():
        if isinstance(found, Statement):
            monkeypatch.setattr(module, name, found)


def see(test: Callable[..., None], till: Till, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """Run a test with what it asks for; then look at the books."""
    wanted = inspect.signature(test).parameters
    at_hand: dict[str, Any] = {
        "till": till, "clock": till.clock, "tills": [till, till], "monkeypatch": monkeypatch,
        "folder": folder / "log", "tmp_path": folder, **more,
    }  # fmt: skip
    if "server" in wanted:
        monkeypatch.setattr("time.time", till.clock)
        at_hand["desk"] = Desk(till, more["server"], till.clock)
        if inspect.getmodule(test) is test_taxes:
            test_taxes.collect(at_hand["desk"])
    if wanted.keys() & {"log", "ann"}:
        for owner in (ANN, BOB):
            till.top_up(owner, 10_000 * CENT)
        at_hand |= {"log": public_log(till, folder / "log"), "ann": till}
    test(**{name: at_hand[name] for name in wanted if name in at_hand})
    assert till.wrong() == ()


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_money_that_is_broken_is_caught(
    mutant: str, loose: Till, server: StrictStripe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, old, new, test = MUTANTS[mutant]
    with monkeypatch.context() as patched:
        put_in(patched, module, mutated(module, old, new))
        with pytest.raises(WRONG):
            see(test, loose, tmp_path, patched, server=server)


@pytest.mark.slow
@pytest.mark.parametrize("test", {test.__name__: test for *_, test in MUTANTS.values()}.values())
def test_money_as_it_is_passes_the_same(
    test: Callable[..., None], loose: Till, server: StrictStripe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in {module for module, *_ in MUTANTS.values()}:
        same = inspect.getsource(module).splitlines()[0]
        put_in(monkeypatch, module, mutated(module, same, same))
    see(test, loose, tmp_path, monkeypatch, server=server)


@pytest.mark.slow
@pytest.mark.parametrize("guard", GUARDS)
def test_a_database_without_one_of_its_guards_is_caught(guard: str, loose: Till, tmp_path: Path) -> None:
    test, given = GUARDS[guard]
    test_ledger.busy.__wrapped__(loose, tmp_path)  # type: ignore[attr-defined]
    loose.lane.run(lambda owner: Plain(owner).run(statement(f"DROP TRIGGER {guard}")))
    at_hand = {"till": loose, "busy": loose, "table": given, "micros": given}
    with pytest.raises(WRONG):
        test(**{name: at_hand[name] for name in inspect.signature(test).parameters})


def test_the_table_of_invariants_names_tests_that_are_there() -> None:
    """`file.py::test` in `docs/reference/invariants.md`; and each mutant in it is one of ours."""
    text = INVARIANTS.read_text()
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(named) > 30
    for file, test in named:
        assert f"def {test}(" in (Path(__file__).parents[1] / file).read_text(), (file, test)
    for mutant in re.findall(r"\*([^*|]+)\*", text):
        assert mutant in MUTANTS or mutant in GUARDS, mutant
