"""What stands in setup/hosting keeps its word: nobody comes past the front, nothing runs with more than it needs."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
HOSTING = ROOT / "setup" / "hosting"
GUIDE = (ROOT / "docs" / "guides" / "hosting.md").read_text(encoding="utf-8")
PINNED = re.compile(r"^docker\.io/library/[a-z]+:[a-z0-9.-]*\d[a-z0-9.-]*$")


def services() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((HOSTING / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return told


def stages() -> dict[str, str]:
    """Give the stages of the Containerfile, each with what it stands on before its own lines."""
    found: dict[str, str] = {}
    for part in re.split(r"^FROM ", (HOSTING / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        on, name = head.split(" AS ")
        found[name] = found.get(on, "") + body
    return found


def unit() -> dict[str, list[str]]:
    lines = (HOSTING / "presence.service").read_text(encoding="utf-8").splitlines()
    told: dict[str, list[str]] = {}
    for name, _, value in (line.partition("=") for line in lines if "=" in line and not line.startswith("#")):
        told.setdefault(name, []).append(value)
    return told


def test_the_room_is_reached_through_the_front_alone_and_believes_nobody_else() -> None:
    room, front = services()["presence"], services()["front"]
    assert "ports" not in room
    assert sorted(front["ports"]) == ["443:443", "443:443/udp", "80:80"]
    assert room["environment"]["FORWARDED_ALLOW_IPS"] == front["networks"]["inner"]["ipv4_address"]
    assert front["environment"]["ROOM"] == f"{room['networks']['inner']['ipv4_address']}:8765"
    assert unit()["Environment"][-1] == "FORWARDED_ALLOW_IPS=127.0.0.1"


def test_both_run_without_rights_on_a_root_that_cannot_be_written_to() -> None:
    for one in services().values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in services()["presence"]


def test_every_image_from_elsewhere_is_pinned() -> None:
    (debian,) = re.findall(r"^ARG DEBIAN=(.*)$", (HOSTING / "Containerfile").read_text(), re.MULTILINE)
    for image in (debian, services()["front"]["image"]):
        assert PINNED.match(image), image


def test_what_runs_stands_on_no_debian_and_is_not_root() -> None:
    made = stages()
    assert "g++" in made["build"]
    for name in ("slim", "whole"):
        assert not re.search(r"^RUN ", made[name], re.MULTILINE)  # there is no shell for it
        assert made[name].startswith("COPY --from=root /gathered /\n")
        assert made[name].rstrip().endswith("USER 10001:10001")
    assert list(made)[-1] == "slim"


def test_what_was_made_slim_is_rehearsed_before_it_goes_into_an_image() -> None:
    made = stages()
    rehearsal = "\nRUN setup/slim.sh && .venv/bin/python -P setup/rehearsal.py embedders\n"
    before, _, after = made["build-slim"].partition(rehearsal)
    assert "COPY presence presence" in before
    assert re.findall(r"^RUN (\S+)", after, re.MULTILINE) == ["setup/weigh.sh"]
    from_elsewhere = set(re.findall(r"^COPY --from=(\S+)", made["slim"], re.MULTILINE))
    assert from_elsewhere == {"root", "build", "build-slim"}
    assert re.findall(r"^COPY --from=build (.*)$", made["slim"], re.MULTILINE) == ["/opt/presence/embedders embedders"]


def test_nothing_of_a_home_goes_into_an_image() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert not {"var", ".env", ".git", "tests"} & set(let_in)
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (HOSTING / "Containerfile").read_text(), re.MULTILINE)
    assert {name.split("/")[0] for line in copied for name in shlex.split(line)} <= set(let_in)


def test_the_unit_gives_the_room_its_home_and_nothing_else() -> None:
    told = unit()
    assert told["User"] == ["presence"]
    assert told["ProtectSystem"] == ["strict"]
    assert told["NoNewPrivileges"] == ["true"]
    assert told["CapabilityBoundingSet"] == [""]
    assert "ReadWritePaths" not in told
    assert f"PRESENCE_HOME=/var/lib/{told['StateDirectory'][0]}" in told["Environment"][0]


def test_the_front_packs_nothing_that_differs_from_listener_to_listener() -> None:
    caddyfile = (HOSTING / "Caddyfile").read_text(encoding="utf-8")
    packed = re.findall(r"header Content-Type (\S+)", caddyfile)
    assert packed == ["text/css*", "text/javascript*", "image/svg+xml*"]
    assert re.search(r'header Strict-Transport-Security "max-age=(\d+)"', caddyfile) is not None
    assert "trusted_proxies" not in caddyfile


def test_the_guide_names_files_that_are_there() -> None:
    for name in re.findall(r"setup/[\w./-]+\w", GUIDE):
        assert (ROOT / name).exists(), name
