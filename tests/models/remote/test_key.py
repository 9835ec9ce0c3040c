"""The key goes to its server and nowhere else."""

import json
import logging

import pytest

from models import ModelError
from models.errors import WriterUnreachable
from tests.models.remote.imitation import Reply, said
from tests.models.remote.writing import Open, written

KEY = "sk-a-key-nobody-may-see"


def test_the_key_is_shown_to_the_server_and_to_nobody_else(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    writer, imitation = opened(said("[1]"), key=KEY, to={"key": f"{KEY}\n"})
    assert written(writer) == "[1] "
    assert KEY not in repr(writer) + repr(vars(writer)) + caplog.text
    assert KEY not in json.dumps(imitation.asked)


def test_a_wrong_key_is_named_but_not_told(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    writer, _ = opened(said("[1]"), key="another", to={"key": KEY})
    with pytest.raises(WriterUnreachable, match="does not accept the key") as refused:
        written(writer)
    assert "does not accept the key" in (writer.check() or "")
    told: BaseException | None = refused.value
    while told is not None:
        assert KEY not in repr(told)
        told = told.__cause__ or told.__context__
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [301, 307])
def test_the_key_does_not_follow_a_redirection(opened: Open, status: int) -> None:
    _, elsewhere = opened(said("[1]"))
    sent_on = Reply(status=status, headers=(("location", f"{elsewhere.url}/v1/chat/completions"),))
    writer, _ = opened(sent_on, to={"key": KEY})
    with pytest.raises(WriterUnreachable, match=elsewhere.url.removeprefix("http://")):
        written(writer)
    assert (elsewhere.asked, elsewhere.looked) == ([], 0)


def test_every_refusal_is_one_of_ours(opened: Open) -> None:
    for reply in (Reply((b"\xff\xfe\n", b"data: \xff\n")), Reply(status=418), Reply(status=204)):
        writer, _ = opened(reply)
        with pytest.raises(ModelError):
            written(writer)
