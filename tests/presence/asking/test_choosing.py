"""Which plain question a writer takes another one for."""

from models import QuotingWriter, ScriptedWriter
from presence.asking.choosing import WriterChooses

PLAIN = ["how many times was that song played", "when was that song played", "was that song ever played"]


def test_the_writer_points_at_one() -> None:
    writer = ScriptedWriter(["Here ", "[2]", " and [3]"])
    assert WriterChooses(writer).choose("on which nights", PLAIN) == 1
    assert "[3] (plain question, ) was that song ever played" in writer.prompts[0].user


def test_a_pointer_outside_or_none_chooses_nothing() -> None:
    assert WriterChooses(ScriptedWriter(["[7]"])).choose("on which nights", PLAIN) is None
    assert WriterChooses(ScriptedWriter(["No idea."])).choose("on which nights", PLAIN) is None


def test_the_quoting_writer_is_not_asked() -> None:
    assert WriterChooses(QuotingWriter()).choose("how many times was that song played", PLAIN) is None
