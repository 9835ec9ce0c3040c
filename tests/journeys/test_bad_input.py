"""Bad files get a reason, and nothing else is lost by them."""

from pathlib import Path

from presence.bootstrap import Services
from tests.nodes import take_in


def test_every_bad_file_is_refused_with_its_reason_and_the_good_one_is_kept(both: Services, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "empty.md").write_bytes(b"")
    (folder / "spaces.txt").write_bytes(b" \n\t\n")
    (folder / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (folder / "random.md").write_bytes(bytes(range(256)) * 40)
    (folder / "torn.md").write_bytes("Der Flügel stand in Köln. ".encode() + b"\xff\xfe\xc3 And it rained all night.\n")
    (folder / "data.yml").write_text("a: 1\n")
    (folder / "good.md").write_text("The good note says that the piano was green.\n")
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(300 * 1024**2)  # 300 MB that take no room on the disk
    report = take_in(both, folder)
    reasons = {result.name: " ".join(result.remarks) for result in report.files if result.status == "refused"}
    assert set(reasons) == {"empty.md", "spaces.txt", "picture.md", "random.md", "data.yml", "huge.txt"}
    assert "empty" in reasons["empty.md"]
    assert "PNG" in reasons["picture.md"]
    assert "binary" in reasons["random.md"]
    assert ".yml" in reasons["data.yml"]
    assert "315 MB" in reasons["huge.txt"]
    assert report.count("ok") == 2
    assert both.library.counts(0).documents == 2
    assert both.library.check() == []
