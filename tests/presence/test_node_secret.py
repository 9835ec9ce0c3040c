"""The node's own secret: made once, for its user alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from presence.home import Home
from presence.node_secret import node_secret, secret_file
from tests.nodes import open_node
from trustgraph.errors import KeyFileWrong


def test_it_is_made_at_its_first_use_and_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = node_secret(home)
    assert len(first) == 32
    assert node_secret(home) == first
    assert secret_file(home).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.keys.iterdir()] == ["node.secret"]


def test_a_node_that_needs_none_makes_none(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        assert not secret_file(services.home).exists()


def test_of_many_who_make_it_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(lambda _: node_secret(Home(tmp_path)), range(64)))) == 1


def test_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    node_secret(Home(tmp_path))
    secret_file(Home(tmp_path)).chmod(0o640)
    with pytest.raises(KeyFileWrong, match="chmod 600"):
        node_secret(Home(tmp_path))
