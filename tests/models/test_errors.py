"""What refusals say."""

from models.errors import ModelUnreadable, WeightsTampered, WriterBusy


def test_a_busy_writer_says_how_many_wait_and_for_how_long() -> None:
    assert str(WriterBusy(3, 20)) == "3 questions are waiting already. Try again in 20 seconds."
    assert str(WriterBusy(1, 20)) == "One question is waiting already. Try again in 20 seconds."
    assert str(WriterBusy(0, 5)) == "The writer has no place now. Try again in 5 seconds."


def test_tampered_weights_are_shown_by_the_beginnings_of_their_hashes() -> None:
    refusal = WeightsTampered("model.safetensors", "a" * 64, "b" * 64)
    assert "bbbbbbbbbbbb…" in str(refusal)
    assert (refusal.expected, refusal.found) == ("a" * 64, "b" * 64)


def test_an_unreadable_model_keeps_its_path_and_the_reason() -> None:
    refusal = ModelUnreadable("model.gguf", "no magic")
    assert (refusal.path, refusal.reason) == ("model.gguf", "no magic")
