"""The commands about people as they are typed, with the node's own files."""

from pathlib import Path

import pytest

from presence.cli.people_shown import PeopleShown
from tests.processes import command, told

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    return home


def test_the_commands_work_on_a_home_alone(home: Path) -> None:
    changed = command(
        home, "tier", "terms", "circle", "--name", "crew", "--questions-per-day", "9", "--sentences", "3", "--json"
    )
    assert told(changed)[0] | {"event": ""} == {
        "event": "",
        "tier": "circle",
        "name": "crew",
        "questions_per_day": 9,
        "sentences_per_day": None,
        "sentences": 3,
        "remembers": True,
        "may_ask": True,
        "teaser": "",
    }
    assert "crew" in command(home, "tier", "terms").stdout
    (made,) = told(command(home, "tier", "invite", "--people", "3", "--hours", "2", "--label", "ferry", "--json"))
    assert "/invite/" in made["link"]
    assert made["id"] in command(home, "tier", "invites").stdout
    assert "closed" in command(home, "tier", "invites", "close", made["id"]).stdout
    assert command(home, "tier", "requests").returncode == 0
    assert "open, 50 a day" in command(home, "tier", "rule", "follow", "open", "--per-day", "50").stdout
    assert "put before you" in command(home, "tier", "keep", "ann@example.org", "--tier", "circle").stdout
    assert "circle" in command(home, "tier", "keep").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("terms", "--sentences", "3"), 2),
        (("terms", "circle", "--sentences", "99"), 1),
        (("terms", "nobody"), 1),
        (("rule", "follow", "shut"), 1),
        (("rule", "other"), 2),
        (("requests", "--let-in", "nobody", "--yes"), 1),
        (("keep", "nobody"), 1),
        (("invites", "close", "nothing"), 1),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(home: Path, arguments: tuple[str, ...], code: int) -> None:
    done = command(home, "tier", *arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_link_is_shown_with_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    PeopleShown()(
        {
            "event": "invite_made",
            "id": "ab12",
            "label": "ferry",
            "people": 3,
            "taken": 0,
            "until": "2026-12-01T00:00:00Z",
            "open": True,
            "why": None,
            "link": "http://localhost/invite/x",
            "door": False,
        }
    )
    shown = capsys.readouterr().out
    assert "http://localhost/invite/x" in shown
    assert "presence keys renew" in shown
