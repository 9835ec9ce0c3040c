"""`presence models` as people type it."""

import json
import logging
import queue
import signal
from logging.handlers import QueueHandler
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from models.catalogue import entries, find
from models.errors import ModelError
from models.shelf import Shelf
from presence.cli import app, models, session
from presence.cli.models_shown import ModelsShown
from presence.cli.serve import WITHOUT_A_MODEL
from presence.home import Home
from presence.settings import load_settings
from tests.models.pulling.hub import CUT_AFTER, WEIGHTS, entry, hub
from tests.models.tiny_gguf import write_tiny_model
from tests.processes import command, serving

TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    home.settings_file.write_text('artist_name = "Ada Marsh"\n')
    monkeypatch.setattr(session, "home", None)
    monkeypatch.setenv("PRESENCE_HOME", str(home.folder))
    monkeypatch.setenv("PRESENCE_MODELS__HUB_URL", "http://127.0.0.1:9")
    return home


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["models", *arguments])


def told(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def put(home: Home, name: str) -> Path:
    """Put a file where a pulled model would stand."""
    home.models.mkdir(exist_ok=True)
    path = Shelf(home.models).path(find(name))
    path.write_bytes(b"GGUF")
    return path


def choose(home: Home, path: Path) -> None:
    home.settings_file.write_text(f'artist_name = "Ada Marsh"\n[models]\ngguf = "{path}"\n')


def states() -> dict[str, str]:
    return {row["name"]: row["state"] for row in told(typed("list", "--json"))}


def test_the_list_shows_what_somebody_needs_to_choose(home: Home) -> None:
    shown = typed("list").stdout
    for known in entries():
        assert known.name in shown
    for word in ("small", "1.1 GB", "4 GB", "Apache-2.0", "English", "not here"):
        assert word in shown


def test_the_list_says_what_is_here_begun_and_in_use(home: Home) -> None:
    put(home, "small")
    choose(home, put(home, "medium"))
    large = find("large")
    with Shelf(home.models).part(large, str(large.sha256)).open("wb") as part:
        part.truncate(large.size_bytes // 2)
    assert states() == {
        **{known.name: "not here" for known in entries()},
        find("small").name: "here",
        find("medium").name: "in use",
        large.name: "begun, 50 %",
    }


def test_a_file_of_ones_own_in_use_is_shown(home: Home, tmp_path: Path) -> None:
    choose(home, tmp_path / "own.gguf")
    assert f"In use: {tmp_path / 'own.gguf'}" in typed("list").stdout.replace("\n", "")


def test_a_pull_puts_the_file_into_the_home_and_says_who_vouches(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with hub() as at:
        settings = load_settings(home=home.folder, models={"hub_url": at.url})
        path = models.fetch(entry(), settings, ModelsShown())
        assert "pinned one" in capsys.readouterr().out
        models.fetch(entry(sha256=None), settings, ModelsShown())
        assert "not pinned: checked against the hub's own hash" in capsys.readouterr().out
        models.fetch(entry(), settings, ModelsShown(as_json=True))
    assert path == home.models / entry().file
    assert path.read_bytes() == WEIGHTS
    last = json.loads(capsys.readouterr().out)
    assert last == {**last, "event": "pulled", "path": str(path), "pinned": True, "fetched": False}


def test_a_cut_shows_nothing_of_the_library_that_fetches(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    library, shown = logging.getLogger("huggingface_hub"), queue.SimpleQueue[logging.LogRecord]()
    listening = QueueHandler(shown)
    library.setLevel(logging.WARNING)
    library.addHandler(listening)
    try:
        with hub(cuts=[CUT_AFTER]) as at:
            settings = load_settings(home=home.folder, models={"hub_url": at.url})
            models.fetch(entry(), settings, ModelsShown(as_json=True))
    finally:
        library.removeHandler(listening)
    assert shown.empty()
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_pull_without_a_network_is_one_sentence(home: Home) -> None:
    failed = typed("pull", "small")
    assert isinstance(failed.exception, ModelError)
    assert "cannot be reached" in str(failed.exception)


@pytest.mark.parametrize("verb", ["pull", "use", "remove"])
def test_an_unknown_name_is_told_the_known_ones(home: Home, verb: str) -> None:
    assert "It has: tiny, small" in str(typed(verb, "gigantic").exception)


def test_what_is_not_here_is_not_used(home: Home) -> None:
    assert "presence models pull medium" in str(typed("use", "medium").exception)


def test_a_file_is_used_where_it_lies_and_what_goes_before_it_is_said(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tiny_model(tmp_path / "own.gguf", chat_template=TEMPLATE)
    used = told(typed("use", str(path), "--json"))
    assert used == [{**used[0], "event": "used", "path": str(path), "running": False}]
    assert load_settings(home=home.folder).models.gguf == path
    monkeypatch.setenv("PRESENCE_MODELS__GGUF", "/elsewhere.gguf")
    assert "/elsewhere.gguf and goes before" in typed("use", str(path)).stdout.replace("\n", " ")


def test_a_running_node_is_spoken_of_only_when_one_runs(home: Home, tmp_path: Path) -> None:
    path = str(write_tiny_model(tmp_path / "own.gguf", chat_template=TEMPLATE))
    assert "running node" not in typed("use", path).stdout
    with home.owned():
        assert "running node" in typed("use", path).stdout


def test_removing_gives_the_room_back(home: Home) -> None:
    path = put(home, "small")
    assert told(typed("remove", "small", "--json"))[0]["freed_bytes"] == 4
    assert not path.exists()
    assert "was not here" in typed("remove", "small").stdout


def test_what_is_in_use_is_removed_only_by_force_and_then_unset(home: Home) -> None:
    path = put(home, "small")
    choose(home, path)
    assert "--force" in str(typed("remove", "small").exception)
    assert path.exists()
    assert "quotations only" in typed("remove", "small", "--force").stdout
    assert not path.exists()
    assert load_settings(home=home.folder).models.gguf is None
    assert load_settings(home=home.folder).artist_name == "Ada Marsh"


@pytest.mark.slow
def test_a_refusal_is_a_sentence_and_exit_1(tmp_path: Path) -> None:
    done = command(tmp_path / "home", "models", "pull", "small", PRESENCE_MODELS__HUB_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith("http://127.0.0.1:9 cannot be reached.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_node_without_a_model_says_how_to_get_one(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as node:
        assert node.process.stdout is not None
        node.process.send_signal(signal.SIGTERM)
        assert WITHOUT_A_MODEL in node.process.stdout.read()


@pytest.mark.slow
def test_the_demo_opens_without_the_model_it_cannot_fetch(tmp_path: Path) -> None:
    away = {"PRESENCE_MODELS__HUB_URL": "http://127.0.0.1:9"}
    with serving(tmp_path / "home", "--model", "small", verb="demo", **away) as node, node.client() as client:
        assert client.get("/").status_code == 200
    assert "gguf" not in (tmp_path / "home" / "presence.toml").read_text()


@pytest.mark.slow
def test_a_model_that_is_here_is_chosen_without_fetching(home: Home) -> None:
    path = write_tiny_model(put(home, "small"), chat_template=TEMPLATE)
    for _again in range(2):
        models.have("small", load_settings(home=home.folder))
        assert load_settings(home=home.folder).models.gguf == path
