"""Thirty days with everything going wrong, for a few seeds: see `simulator.py`, which replays any of them."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.billing.simulator import Simulation


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thirty_days_end_without_a_micro_missing(tmp_path: Path, seed: int) -> None:
    told = Simulation(seed, 1_500, tmp_path, listeners=40).run()
    assert told.is_whole, told
    assert told.happened["answered and paid"] > 100, told.happened


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 6])
def test_thirty_days_of_collecting_tax_end_without_a_micro_missing(tmp_path: Path, seed: int) -> None:
    told = Simulation(seed, 1_500, tmp_path, listeners=40, tax_rate=Decimal("0.083")).run()
    assert told.is_whole, told
    assert told.owed_in_tax > 0


@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: str) -> None:
    from tests.postgres import new_database

    told = Simulation(5, 800, tmp_path, listeners=30, url=new_database(postgres, "simulated")).run()
    assert told.is_whole, told


@pytest.mark.slow
def test_a_fee_that_nobody_books_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from billing.cards import paid
    from billing.plain import statement

    never = statement("UPDATE card_payments SET fee_micros = :fee WHERE id = :id AND fee_micros IS NULL AND 1 = 0")
    monkeypatch.setattr(paid, "_FEE", never)
    told = Simulation(1, 400, tmp_path, listeners=10).run()
    assert told.unexplained != 0
