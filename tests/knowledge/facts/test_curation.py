"""What the artist joins, sets apart and names by hand; what it does to rows, and what it never does below a tier."""

from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.errors import KnownFromHigherTier, NameUnclear, NameUnknown, NothingToUndo, NotJoinable
from knowledge.facts.curation import Change
from presence.bootstrap import Services
from tests.knowledge.facts.curating import answer, column, keys, night, seen, tell

DOCK = night("One", "2019-07-14", "The Dock", "Zeno Obuya - Monday", "Zeno Obuya - Monday (Dub)", "Petra - Door")
YARD = night("Two", "2019-07-14", "Dock Yard", "Zeno O. - Monday", "Zeno O. - Monday (Dub)")
SECRET = night("Three", "2020-01-02", "The Chapel", "Heronshaw - Nineteen Notes", "Petra - Door", tier="circle")


@pytest.fixture
def told(shelf: Services, tmp_path: Path) -> Services:
    tell(shelf, tmp_path / "notes", dock=DOCK, yard=YARD, secret=SECRET)
    return shelf


def merge(services: Services, source: str, target: str, kind: str | None = None) -> Change:
    return services.curation.merge(*services.curation.find_two(source, target, kind))


def test_a_joined_artist_is_one_with_the_works_and_their_versions(told: Services) -> None:
    merge(told, "Zeno O.", "Zeno Obuya")
    assert column(told, "set_items", "artist_key").count("zeno obuya") == 4
    assert column(told, "set_items", "work_key").count("monday|zeno obuya") == 4
    assert column(told, "set_items", "recording_key").count("monday|zeno obuya#dub") == 2
    assert "zeno o" not in str(keys(told)).replace("zeno obuya", "")


def test_a_joined_work_counts_as_one(told: Services, tmp_path: Path) -> None:
    more = night("Four", "2021-03-04", "The Dock", "Petra - The Old Door")
    tell(told, tmp_path / "more", more=more)
    merge(told, "The Old Door", "Door", "work")
    assert column(told, "set_items", "work_key").count("door|petra") == 3
    assert "“Door” was played at 3 shows" in answer(told, "How often was Door played?")
    assert "The Old Door" in column(told, "set_items", "title")


def test_nights_of_joined_places_are_one_night_and_their_items_come_along(told: Services) -> None:
    merge(told, "Dock Yard", "The Dock", "place")
    assert column(told, "events", "event_key").count("2019-07-14|dock|leeds|1") == 2
    assert column(told, "set_items", "event_key").count("2019-07-14|dock|leeds|1") == 9
    assert set(column(told, "set_items", "event_key")) == set(column(told, "events", "event_key"))


def test_the_second_show_of_a_day_stays_the_second(shelf: Services, tmp_path: Path) -> None:
    first = night("One", "2019-07-14", "The Dock", "Petra - Door")
    tell(shelf, tmp_path / "one", a=first, b=night("B", "2019-07-14", "Dock Yard", "Petra - Door"))
    late = night("Late", "2019-07-14", "Dock Yard", "Petra - Roof").replace("kind: set", "kind: set\nshow: late")
    tell(shelf, tmp_path / "two", late=late)
    before = column(shelf, "events", "day_ordinal")
    ordinals = {key.rsplit("|", 1)[1] for key in column(shelf, "events", "event_key")}
    merge(shelf, "Dock Yard", "The Dock", "place")
    assert column(shelf, "events", "day_ordinal") == before
    assert {key.rsplit("|", 1)[1] for key in column(shelf, "events", "event_key")} == ordinals


def test_two_nights_are_joined_by_their_dates(told: Services, tmp_path: Path) -> None:
    tell(told, tmp_path / "wrong", wrong=night("Wrong day", "2019-07-15", "The Dock", "Petra - Roof"))
    merge(told, "2019-07-15", "2019-07-14 The Dock")
    assert column(told, "events", "event_key").count("2019-07-14|dock|leeds|1") == 2
    assert sorted(column(told, "events", "day_ordinal")) == [1, 1, 1, 1]


def test_what_comes_later_is_joined_at_once(told: Services, tmp_path: Path) -> None:
    merge(told, "Zeno O.", "Zeno Obuya")
    merge(told, "Dock Yard", "The Dock", "place")
    later = night("Later", "2022-05-06", "Dock Yard", "Zeno O. - Tuesday")
    tell(told, tmp_path / "later", later=later)
    assert "tuesday|zeno obuya" in column(told, "set_items", "work_key")
    assert column(told, "set_items", "event_key").count("2022-05-06|dock|leeds|1") == 3


def test_undone_in_any_order_everything_is_as_it_was(told: Services) -> None:
    before = keys(told)
    for order in permutations(range(4)):
        changes = [
            merge(told, "Zeno O.", "Zeno Obuya"),
            merge(told, "Dock Yard", "The Dock", "place"),
            told.curation.split(told.curation.find("Door", "work"), name="Gate", document_id=document(told, "dock.md")),
            merge(told, "gate|petra", "monday|zeno obuya", "work"),
        ]
        assert keys(told) != before
        for number in order:
            told.curation.undo(changes[number].ident)
        assert keys(told) == before
    assert told.curation.changes() == []


def document(services: Services, name: str) -> str:
    with services.database.reader(4) as reader:
        return str(reader.execute(text("SELECT id FROM documents WHERE file_name = :n"), {"n": name}).scalar_one())


def test_what_is_left_after_an_undo_is_what_the_others_make(told: Services) -> None:
    first = merge(told, "Zeno O.", "Zeno Obuya")
    merge(told, "monday|zeno obuya", "door|petra", "work")
    told.curation.undo(first.ident)
    works = column(told, "set_items", "work_key")
    assert works.count("monday|zeno o") == 2
    assert works.count("door|petra") == 4


def test_rows_of_one_document_get_a_key_of_their_own(told: Services) -> None:
    door = told.curation.find("Door", "work")
    told.curation.split(door, document_id=document(told, "dock.md"))
    assert column(told, "set_items", "work_key").count("door|petra~2") == 1
    assert column(told, "set_items", "recording_key").count("door|petra~2") == 1
    assert column(told, "set_items", "work_key", 0).count("door|petra~2") == 1


def test_what_was_set_apart_stays_so_in_the_next_version_of_its_file(told: Services, tmp_path: Path) -> None:
    one = told.curation.find("Door", "work")
    told.curation.split(one, name="Gate", row_ids=[row_of(told, "dock.md", "Door")])
    edited = DOCK.replace("A night.", "A long night.")
    tell(told, tmp_path / "notes", dock=edited)
    assert "gate|petra" in column(told, "set_items", "work_key", 0)


def row_of(services: Services, name: str, title: str) -> str:
    query = text(
        "SELECT i.id FROM set_items i JOIN documents d ON d.id = i.document_id WHERE d.file_name = :n AND i.title = :t"
    )
    with services.database.reader(4) as reader:
        return str(reader.execute(query, {"n": name, "t": title}).scalar_one())


def test_one_row_is_set_apart_and_the_others_of_its_file_are_not(told: Services, tmp_path: Path) -> None:
    twice = night("Twice", "2023-01-01", "The Dock", "Petra - Door", "Petra - Roof", "Petra - Door")
    tell(told, tmp_path / "twice", twice=twice)
    with told.database.reader(4) as reader:
        query = "SELECT i.id FROM set_items i JOIN documents d ON d.id = i.document_id WHERE d.title = 'Twice'"
        first = reader.execute(text(query + " ORDER BY i.position")).scalars().first()
    told.curation.split(told.curation.find("Door", "work"), row_ids=[str(first)])
    assert column(told, "set_items", "work_key").count("door|petra~2") == 1
    assert column(told, "set_items", "work_key").count("door|petra") == 3


@pytest.mark.parametrize("turned", [False, True])
def test_joining_with_what_only_a_higher_tier_knows_changes_nothing_below(told: Services, *, turned: bool) -> None:
    before = {tier: seen(told, tier) for tier in range(5)}
    names = ("The Chapel", "The Dock") if turned else ("The Dock", "The Chapel")
    change = merge(told, *names, kind="place")
    assert change.tier == 3
    for tier in (0, 1, 2):
        assert seen(told, tier) == before[tier]
    assert column(told, "events", "place_key", 3).count("dock|leeds") == 2
    assert "chapel" not in str(keys(told, 2))
    told.curation.undo(change.ident)
    for tier in (0, 1, 2):
        assert seen(told, tier) == before[tier]


def test_a_joining_of_a_higher_tier_does_not_reach_rows_that_come_below_it(told: Services, tmp_path: Path) -> None:
    merge(told, "The Chapel", "The Dock", kind="place")
    tell(told, tmp_path / "open", open=night("Open", "2023-02-03", "The Chapel", "Petra - Roof"))
    assert column(told, "events", "place_key", 0) == ["chapel|leeds", "dock yard|leeds", "dock|leeds"]
    merge(told, "The Chapel", "The Dock", kind="place")
    assert column(told, "events", "place_key", 0) == ["dock yard|leeds", "dock|leeds", "dock|leeds"]


def test_only_the_tiers_whose_rows_changed_get_a_new_version(told: Services) -> None:
    def versions() -> dict[int, str]:
        with told.database.reader(4) as reader:
            return dict(tuple(row) for row in reader.exec_driver_sql("SELECT tier, version FROM corpus_versions"))

    before = versions()
    merge(told, "Dock Yard", "The Dock", "place")
    after = versions()
    assert {tier for tier in before if before[tier] != after[tier]} == {0}
    assert told.library.check() == []


def test_an_alias_is_a_name_from_its_tier_on(told: Services) -> None:
    before = {tier: seen(told, tier) for tier in range(5)}
    door = told.curation.find("Door", "work")
    change = told.curation.alias(door, "Portcullis", 2)
    for tier in (0, 1):
        assert seen(told, tier) == before[tier]
        assert "Door" not in answer(told, "How often was Portcullis played?", tier)
    for tier in (2, 3, 4):
        assert "Door" in answer(told, "How often was Portcullis played?", tier)
    told.curation.undo(change.ident)
    assert "Door" not in answer(told, "How often was Portcullis played?", 4)


def test_an_alias_comes_along_when_its_thing_is_joined(told: Services) -> None:
    told.curation.alias(told.curation.find("Dock Yard", "place"), "Boatshed", 0)
    merge(told, "Dock Yard", "The Dock", "place")
    assert told.curation.find("Boatshed").key == "dock|leeds"


def test_what_only_a_higher_tier_knows_gets_no_name_below(told: Services) -> None:
    chapel = told.curation.find("The Chapel", "place")
    with pytest.raises(KnownFromHigherTier, match="circle"):
        told.curation.alias(chapel, "The Barn", 1)


def test_rows_are_not_set_apart_into_what_only_a_higher_tier_knows(told: Services) -> None:
    dock = told.curation.find("The Dock", "place")
    with pytest.raises(KnownFromHigherTier):
        told.curation.split(dock, name="The Chapel", document_id=document(told, "dock.md"))


def test_an_alias_is_no_note(told: Services) -> None:
    before = told.library.counts(4)
    told.curation.alias(told.curation.find("Door", "work"), "Portcullis", 0)
    assert told.library.counts(4) == before


def test_what_is_one_already_is_not_joined_again(told: Services) -> None:
    zeno, other = told.curation.find("Zeno O.", "artist"), told.curation.find("Zeno Obuya", "artist")
    told.curation.merge(zeno, other)
    with pytest.raises(NotJoinable):
        told.curation.merge(zeno, other)
    with pytest.raises(NotJoinable):
        told.curation.merge(other, zeno)
    with pytest.raises(NotJoinable):
        merge(told, "Zeno O.", "Zeno Obuya", "artist")


def test_joinings_follow_each_other(told: Services, tmp_path: Path) -> None:
    tell(told, tmp_path / "more", more=night("Four", "2021-03-04", "Zeno Hall", "Z. Obuya - Monday"))
    merge(told, "Zeno O.", "Zeno Obuya", "artist")
    merge(told, "Zeno Obuya", "Z. Obuya", "artist")
    assert column(told, "set_items", "work_key").count("monday|z obuya") == 5


def test_two_works_of_different_kinds_are_not_joined(told: Services) -> None:
    with pytest.raises(NotJoinable):
        told.curation.plan(told.curation.find("Door", "work"), told.curation.find("The Dock", "place"))
    dub, door = told.curation.find("monday|zeno obuya#dub"), told.curation.find("monday|zeno o#dub")
    with pytest.raises(NotJoinable, match="works"):
        told.curation.merge(dub, door)


def test_a_name_of_several_things_is_told_with_them(told: Services) -> None:
    with pytest.raises(NameUnclear) as unclear:
        told.curation.find("Monday")
    assert "monday|zeno o" in str(unclear.value)
    assert "monday|zeno obuya" in str(unclear.value)
    assert told.curation.find("monday|zeno o", "work").key == "monday|zeno o"


def test_a_name_that_nothing_bears_is_told_with_what_is_alike(told: Services) -> None:
    with pytest.raises(NameUnknown, match="Chapel"):
        told.curation.find("The Chappel")


def test_what_was_undone_is_not_undone_again(told: Services) -> None:
    change = merge(told, "Zeno O.", "Zeno Obuya")
    told.curation.undo(change.ident)
    with pytest.raises(NothingToUndo):
        told.curation.undo(change.ident)
    assert [one.ident for one in told.curation.changes(undone=True)] == [change.ident]


def test_a_plan_changes_nothing(told: Services) -> None:
    before = seen(told, 4)
    plan = told.curation.plan(*told.curation.find_two("Dock Yard", "The Dock", "place"))
    assert plan.rows == {0: 1}
    assert seen(told, 4) == before


def test_joined_things_are_called_as_what_they_were_joined_into(told: Services) -> None:
    merge(told, "Zeno Obuya", "Zeno O.", "artist")
    assert told.curation.find("Zeno Obuya", "artist").name == "Zeno O."


def test_one_version_leads_to_another_of_its_work(told: Services, tmp_path: Path) -> None:
    tell(told, tmp_path / "more", more=night("Four", "2021-03-04", "The Dock", "Zeno Obuya - Monday (Late Dub)"))
    merge(told, "monday|zeno obuya#late dub", "monday|zeno obuya#dub")
    assert column(told, "set_items", "recording_key").count("monday|zeno obuya#dub") == 2
    assert column(told, "set_items", "work_key").count("monday|zeno obuya") == 3
