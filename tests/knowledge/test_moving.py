"""Another embedder: everything is embedded anew in the background, and questions are answered all the while."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from knowledge import Evidence, Origin, VectorIndex
from knowledge.contracts import TIERS, Neighbour, Vectors, VectorSpace
from knowledge.memory import MemoryIndex
from knowledge.origins import space_name
from knowledge.views import PASSAGES_VIEW, tier_role
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import Services
from tests.contracts.chroma_server import chroma_server
from tests.knowledge.moves import (
    QUESTIONS,
    WAIT_S,
    HeldEmbedder,
    WideEmbedder,
    finished,
    made_by,
    moving_node,
    never_again,
)
from tests.knowledge.notes import note, quotes, tell
from tests.nodes import client_of, open_node

OLD, NEW = HashedEmbedder.name, WideEmbedder.name
NOTES = {
    "a": note("I wrote Pilot Ladder on a rented piano. The piano was tuned to a foghorn.", title="The piano"),
    "b": note("We played on the upper deck of the ferry. Zeno was there.", title="The ferry"),
    "c": note("Heronshaw was recorded in a chapel.", title="Heronshaw", tier="circle"),
}


@pytest.fixture
def home(tmp_path: Path, database_url: str | None, index: MemoryIndex) -> Path:
    """A home whose notes the old embedder took in."""
    with open_node(tmp_path / "home", index=index, database_url=database_url) as services:
        tell(services, tmp_path / "notes", **NOTES)
    return tmp_path / "home"


@pytest.fixture
def small_home(tmp_path: Path, index: MemoryIndex) -> Path:
    """The same on SQLite, for what does not depend on the database."""
    with open_node(tmp_path / "home", index=index) as services:
        tell(services, tmp_path / "notes", **NOTES)
    return tmp_path / "home"


def answers_of(services: Services, tier: int = 4) -> list[list[tuple[str, float]]]:
    found = [services.search.find(question, tier) for question in QUESTIONS]
    return [[(s.text, s.relevance) for s in f.sentences] if isinstance(f, Evidence) else [] for f in found]


def old_answers(tmp_path: Path, home: Path, database_url: str | None, index: MemoryIndex) -> list[object]:
    with open_node(home, index=index, database_url=database_url) as services:
        return list(answers_of(services))


def fresh_answers(folder: Path) -> list[object]:
    """What a node says that never knew another embedder than the new one."""
    with open_node(folder / "fresh", embedder=WideEmbedder()) as services:
        tell(services, folder / "fresh-notes", **NOTES)
        return list(answers_of(services))


def live_ids(services: Services, tier: int) -> set[str]:
    with services.database.reader(tier) as reader:
        return set(reader.execute(text("SELECT id FROM passages WHERE tier = :tier"), {"tier": tier}).scalars())


def assert_moved(services: Services, index: VectorIndex) -> None:
    """Everything is the new embedder's, tier by tier, and nothing of the old one is left."""
    assert services.library.check() == []
    assert (services.library.embedding, services.library.words_alone_reason) == (None, None)
    assert set(made_by(services)) == {(NEW, None)}
    assert index.spaces() == {space_name(NEW)}
    space = index.space(space_name(NEW))
    assert [space.ids(tier) for tier in TIERS] == [live_ids(services, tier) for tier in TIERS]
    with services.database.reader(4) as reader:
        assert set(reader.execute(text("SELECT length(vector) FROM passages")).scalars()) == {768 * 4}


def test_answers_stay_what_they_were_until_the_new_ones_come(
    tmp_path: Path, home: Path, database_url: str | None, index: MemoryIndex
) -> None:
    before, after = old_answers(tmp_path, home, database_url, index), fresh_answers(tmp_path)
    assert any(before)
    assert before != after
    embedder = HeldEmbedder(batches=1)
    with moving_node(home, embedder, index, database_url=database_url) as services:
        assert (services.library.embedding.done, services.library.embedding.whole) == (1, 3)  # type: ignore[union-attr]
        assert answers_of(services) == before
        assert services.library.check() == []
        finished(services, embedder)
        assert answers_of(services) == after
        assert_moved(services, index)


def test_a_move_that_was_stopped_goes_on_with_what_remains(
    tmp_path: Path, home: Path, database_url: str | None, index: MemoryIndex
) -> None:
    before = old_answers(tmp_path, home, database_url, index)
    first, second = HeldEmbedder(batches=1), HeldEmbedder()
    with moving_node(home, first, index, database_url=database_url) as services:
        services.library._move._closed.set()  # as a close does, while a batch is under way
        finished(services, first)
        assert made_by(services) == [(OLD, NEW), (OLD, NEW), (OLD, None)]
    with moving_node(home, second, index, database_url=database_url) as services:
        assert answers_of(services) == before
        finished(services, second)
        assert_moved(services, index)
    moved = [t for t in second.texts if "\n" in t]  # passages, not questions
    assert len(moved) == 1
    assert "Heronshaw" in moved[0]


def test_an_import_and_a_replacement_during_the_move_count_in_both(
    tmp_path: Path, home: Path, database_url: str | None, index: MemoryIndex
) -> None:
    embedder = HeldEmbedder(batches=1)
    with moving_node(home, embedder, index, database_url=database_url) as services:
        tell(services, tmp_path / "notes", b=note("The ferry never left."), d=note("An organ stood in the barn."))
        for question in ("Who was on the ferry?", "Where did the organ stand?"):
            assert "upper deck" not in " ".join(quotes(services, question))
        assert quotes(services, "Where did the organ stand?")[0] == "An organ stood in the barn."
        assert [index.ids(tier) for tier in TIERS] == [live_ids(services, tier) for tier in TIERS]
        finished(services, embedder)
        assert quotes(services, "Where did the organ stand?")[0] == "An organ stood in the barn."
        assert_moved(services, index)


def test_without_the_old_embedder_words_alone_answer_and_it_is_said(
    home: Path, tmp_path: Path, database_url: str | None, index: MemoryIndex
) -> None:
    embedder = HeldEmbedder()
    with moving_node(home, embedder, index, database_url=database_url, open_again=never_again) as services:
        assert quotes(services, "Where is the rented piano?")[0].startswith("I wrote Pilot Ladder")
        [finding] = services.library.check()
        assert OLD in finding.sentence
        assert "by their words alone" in finding.sentence
        tell(services, tmp_path / "notes", d=note("An organ stood in the barn."))
        assert quotes(services, "Where did the organ stand?")[0] == "An organ stood in the barn."
        assert made_by(services)[-1] == (NEW, None)
        with client_of(services) as client:
            told = client.get("/readyz").json()
        assert (told["status"], told["embedding"]) == ("ready", {"done": 0, "whole": 100})
        assert told["search_reason"] == finding.sentence
        finished(services, embedder)
        assert_moved(services, index)


def test_readiness_tells_how_far_it_is_but_not_how_many_notes_there_are(small_home: Path, index: MemoryIndex) -> None:
    embedder = HeldEmbedder(batches=1)
    with moving_node(small_home, embedder, index) as services, client_of(services) as client:
        assert client.get("/readyz").json()["embedding"] == {"done": 33, "whole": 100}
        finished(services, embedder)
        assert "embedding" not in client.get("/readyz").json()


def test_a_search_under_way_ends_with_what_it_began_with(small_home: Path, index: MemoryIndex) -> None:
    embedder = HeldEmbedder()
    with moving_node(small_home, embedder, index) as services:
        searched = services.library._move.searched
        with searched.used() as space:
            embedder.let_go.set()
            while searched.space is space:
                threading.Event().wait(0.01)
            assert {neighbour.passage_id for neighbour in nearest(space.vectors)} == live_ids(services, 0)
            assert {made for made, _ in made_by(services)} == {OLD}
        finished(services)
        assert_moved(services, index)


def nearest(vectors: VectorSpace | None) -> list[Neighbour]:
    asked: Vectors = HashedEmbedder().embed(["piano"])[0]
    assert vectors is not None
    return vectors.nearest(0, asked, 5)


def test_a_reindex_takes_the_move_over_and_tells_how_far_it_is(small_home: Path, index: MemoryIndex) -> None:
    embedder, steps = HeldEmbedder(), list[tuple[int, int]]()
    with moving_node(small_home, embedder, index) as services:
        done = threading.Thread(target=lambda: services.library.reindex(lambda *step: steps.append(step)))
        done.start()
        assert services.library._move._paused.wait(WAIT_S)
        embedder.let_go.set()  # the batch under way is the last one in the background
        done.join(WAIT_S)
        assert not done.is_alive()
        assert steps == [(2, 3), (3, 3)]
        assert_moved(services, index)


def test_a_failing_embedder_leaves_the_old_one_answering_and_a_reindex_tries_again(
    small_home: Path, index: MemoryIndex
) -> None:
    embedder = BrokenEmbedder()
    with open_node(small_home, index=index, embedder=embedder) as services:
        finished(services)
        assert quotes(services, "Where is the rented piano?")[0].startswith("I wrote Pilot Ladder")
        assert ["out of memory" in finding.sentence for finding in services.library.check()] == [True]
        embedder.broken = False
        assert services.library.reindex(lambda *_step: None) == 3
        assert_moved(services, index)


class BrokenEmbedder(WideEmbedder):
    broken = True

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.broken:
            raise RuntimeError("out of memory")
        return super().embed(texts)


def test_a_home_from_before_moves_existed_moves_too(home: Path, index: MemoryIndex, database_url: str | None) -> None:
    with open_node(home, index=index, database_url=database_url) as services, services.database.owner.begin() as owner:
        if owner.dialect.name == "postgresql":
            for tier in TIERS:
                body = PASSAGES_VIEW.replace(", p.next_vector, p.next_embedder", "")
                owner.execute(text(f"DROP VIEW tier_{tier}.passages"))
                owner.execute(text(f"CREATE VIEW tier_{tier}.passages AS {body.format(schema='public', tier=tier)}"))
                role = tier_role(owner.execute(text("SELECT current_database()")).scalar_one(), tier)
                owner.execute(text(f'GRANT SELECT ON tier_{tier}.passages TO "{role}"'))
        for statement in (
            "DROP INDEX passages_moving",
            "ALTER TABLE passages DROP COLUMN next_vector",
            "ALTER TABLE passages DROP COLUMN next_embedder",
            "DROP TABLE embedders",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            owner.execute(text(statement))
    embedder = HeldEmbedder()
    with moving_node(home, embedder, index, database_url=database_url) as services:
        assert quotes(services, "Where is the rented piano?")[0].startswith("I wrote Pilot Ladder")
        assert services.library.words_alone_reason is None
        finished(services, embedder)
        assert_moved(services, index)


def test_back_to_the_old_embedder_in_the_middle_forgets_the_new_vectors(
    tmp_path: Path, home: Path, database_url: str | None, index: MemoryIndex
) -> None:
    before = old_answers(tmp_path, home, database_url, index)
    embedder = HeldEmbedder(batches=1)
    with moving_node(home, embedder, index, database_url=database_url) as services:
        services.library._move._closed.set()
    with open_node(home, index=index, database_url=database_url) as services:
        assert answers_of(services) == before
        finished(services)
        assert set(made_by(services)) == {(OLD, None)}
        assert (index.spaces(), services.library.check()) == ({""}, [])


def test_there_and_back_again_leaves_everything_as_it_was(small_home: Path, index: MemoryIndex) -> None:
    with open_node(small_home, index=index) as services:
        before = answers_of(services)
    with open_node(small_home, index=index, embedder=WideEmbedder()) as services:
        finished(services)
    opened: list[str] = []

    def open_again(name: str, _origin: Origin) -> WideEmbedder:
        opened.append(name)
        return WideEmbedder()

    with open_node(small_home, index=index, open_again=open_again) as services:
        finished(services)
        assert answers_of(services) == before
        assert (index.spaces(), services.library.check()) == ({""}, [])
    assert opened == [NEW]


def test_an_index_that_lost_an_entry_is_filled_again_before_the_switch(small_home: Path, index: MemoryIndex) -> None:
    embedder = HeldEmbedder()
    with moving_node(small_home, embedder, index) as services:
        space = index.space(space_name(NEW))
        with services.database.reader(4) as reader:
            version = reader.execute(text("SELECT version FROM corpus_versions WHERE tier = 0")).scalar_one()
        space.upsert(0, ["foreign"], np.eye(1, 768, dtype=np.float32))
        space.mark(0, version)  # it claims to be whole
        finished(services, embedder)
        assert_moved(services, index)


def test_a_node_killed_while_it_tidied_up_answers_anew_and_tidies_the_rest(
    tmp_path: Path, small_home: Path, index: MemoryIndex
) -> None:
    with open_node(small_home, index=index, embedder=WideEmbedder()) as services:
        finished(services)
        with services.database.owner.begin() as owner:
            owner.execute(text("UPDATE passages SET next_vector = vector, next_embedder = embedder WHERE number > 1"))
            owner.execute(text(f"UPDATE passages SET vector = x'00', embedder = '{OLD}' WHERE number > 1"))
    index.upsert(0, ["left over"], HashedEmbedder().embed(["left over"]))
    embedder = WideEmbedder()
    with open_node(small_home, index=index, embedder=embedder, open_again=never_again) as services:
        assert services.library.words_alone_reason is None
        assert not any("\n" in embedded for embedded in embedder.texts)
        finished(services)
        assert answers_of(services) == fresh_answers(tmp_path)
        assert_moved(services, index)


@pytest.mark.slow
@pytest.mark.parametrize("served", [False, True])
def test_a_node_with_chroma_moves_and_drops_the_old_collections(tmp_path: Path, *, served: bool) -> None:
    from knowledge.chroma import ChromaIndex

    with ExitStack() as closing:
        if served:
            index = ChromaIndex.server(closing.enter_context(chroma_server(tmp_path)))
        else:
            index = ChromaIndex.embedded(tmp_path / "chroma")
        with open_node(tmp_path / "home", index=index) as services:
            tell(services, tmp_path / "notes", **NOTES)
            before = answers_of(services)
        embedder = HeldEmbedder(batches=1)
        with moving_node(tmp_path / "home", embedder, index) as services:
            assert answers_of(services) == before
            finished(services, embedder)
            assert answers_of(services) == fresh_answers(tmp_path)
            assert_moved(services, index)
