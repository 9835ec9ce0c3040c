"""With every saving on, and many at once, each answer is what it would have been alone."""

import random
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.models.engine.opened import ENGINE_MISSING, engine_of, tiny

if TYPE_CHECKING:
    from models.engine.contracts import Request
    from models.engine.engine import Engine

pytestmark = pytest.mark.slow

LISTENERS = 8
PERSONAS = ("You answer for the harbour, at length and with care.", "You answer for the lighthouse, briefly.")
WORDS = (
    "who",
    "wrote",
    "the",
    "song",
    "about",
    "a",
    "pilot",
    "ladder",
    "and",
    "when",
    "was",
    "it",
    "played",
    "on",
    "deck",
)


def asked(dice: random.Random, engine: "Engine", conversation: str, before: str = "") -> "Request":
    """Make up a request: a persona at a tier, what was said before, and a question."""
    from models.engine.contracts import Request, Sampling

    persona = dice.randrange(len(PERSONAS))
    prefix = engine.weights.tokens(PERSONAS[persona])
    question = " ".join(dice.choices(WORDS, k=dice.randrange(3, 40)))
    tokens = engine.weights.tokens(PERSONAS[persona] + before + question)
    assert tokens[: len(prefix)] == prefix
    sampling = Sampling(dice.randrange(1, 60))
    return Request(
        tuple(tokens), sampling, len(prefix), tier=persona, conversation=conversation, stop=threading.Event()
    )


def next_turn(engine: "Engine", before: "Request", answer: str) -> "Request":
    """Go on in the same conversation."""
    from models.engine.contracts import Request

    tokens = (*before.tokens, *engine.weights.tokens(answer + " and after that?"))
    return Request(tokens, before.sampling, before.prefix, before.tier, before.conversation)


def alone(path: Path, requests: "list[Request]") -> list[str]:
    """Write the same prompts one after the other with llama-cpp-python's own `Llama`, greedily, nothing kept."""
    from llama_cpp import Llama

    model = Llama(str(path), n_ctx=4_096, n_threads=1, verbose=False)
    answers = []
    for request in requests:
        model.reset()
        written: list[int] = []
        for token in model.generate(list(request.tokens), temp=0.0):
            if token == model.token_eos():
                break
            written.append(token)
            if len(written) == request.sampling.tokens_max:
                break
        answers.append(b"".join(model.detokenize([token]) for token in written).decode(errors="replace"))
    model.close()
    return answers


def listen(engine: "Engine", request: "Request", pause: float, cancel_after: int | None) -> str:
    """Come at some moment, read, and hang up after so many pieces, if at all."""
    threading.Event().wait(pause)
    heard = ""
    for count, piece in enumerate(engine.submit(request), start=1):
        heard += piece
        if count == cancel_after:
            break
    return heard


@pytest.mark.parametrize("talkative", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_many_at_once_get_what_each_would_get_alone(tmp_path: Path, seed: int, talkative: bool) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    from models.engine.contracts import Room, Savings

    dice, path = random.Random(seed), tiny(tmp_path, talkative=talkative, seed=seed)
    room = Room(answers=5, cells=3_072, chunk=dice.choice([7, 32, 64]), batch=128, threads=1)
    heard: dict[tuple[int, int], str] = {}
    requests: dict[tuple[int, int], Request] = {}
    cancelled: set[tuple[int, int]] = set()

    with engine_of(path, room, Savings(lookup=True), tmp_path / "prefixes") as engine:
        first = [asked(dice, engine, f"listener {number}") for number in range(LISTENERS)]
        plans = [
            [(dice.random() * 0.05, dice.choice([None, None, dice.randrange(1, 20)])) for _turn in range(2)]
            for _listener in range(LISTENERS)
        ]

        def take_part(number: int) -> None:
            request = first[number]
            for turn, (pause, cancel_after) in enumerate(plans[number]):
                requests[number, turn] = request
                if cancel_after is not None:
                    cancelled.add((number, turn))
                heard[number, turn] = listen(engine, request, pause, cancel_after)
                request = next_turn(engine, request, heard[number, turn])

        threads = [threading.Thread(target=take_part, args=(number,)) for number in range(LISTENERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert engine.failure is None

    assert len(heard) == 2 * LISTENERS
    expected = dict(zip(requests, alone(path, list(requests.values())), strict=True))
    for key, answer in heard.items():
        if key in cancelled:
            assert expected[key].startswith(answer)
        else:
            assert answer == expected[key]


def test_a_second_turn_reads_only_what_is_new_also_when_others_spoke_between(tmp_path: Path) -> None:
    from models.engine.contracts import Sampling

    dice = random.Random(1)
    with engine_of(tiny(tmp_path)) as engine:
        first = asked(dice, engine, "mine")
        # Not by bytes but by letters, so that what it wrote is read again as the same tokens.
        letters = Sampling(30, logit_bias=dict.fromkeys(range(259), -1e9))
        first = replace(first, sampling=letters)
        answer = "".join(engine.submit(first))
        for other in ("one", "two", "three"):
            list(engine.submit(asked(dice, engine, other)))
        second = next_turn(engine, first, answer)
        stream = engine.submit(second)
        list(stream)
    new = len(second.tokens) - len(first.tokens) - len(answer)
    # The last token of an answer was chosen but never read: it is new as well.
    assert stream.counts.read == new + 1
    assert stream.counts.reused == len(second.tokens) - new - 1


def test_a_conversation_is_not_kept_for_another_tier(tmp_path: Path) -> None:
    dice = random.Random(2)
    with engine_of(tiny(tmp_path)) as engine:
        first = asked(dice, engine, "mine")
        answer = "".join(engine.submit(first))
        stream = engine.submit(replace(next_turn(engine, first, answer), tier=3))
        list(stream)
    assert stream.counts.reused == 0


def test_a_persona_is_read_once_per_tier(tmp_path: Path) -> None:
    dice = random.Random(3)
    with engine_of(tiny(tmp_path)) as engine:
        request = replace(asked(dice, engine, ""), tier=0)
        reused = []
        for tier in (0, 0, 1, 1):
            stream = engine.submit(replace(request, tier=tier))
            list(stream)
            reused.append(stream.counts.reused)
    assert reused == [0, request.prefix, 0, request.prefix]


def test_a_persona_is_found_on_disk_at_the_next_start_unless_the_file_is_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "prefixes"
    reused = []
    for damage in (False, False, True):
        if damage:
            [state] = folder.glob("*.state")
            state.write_bytes(state.read_bytes()[:-1] + b"!")
        with engine_of(tiny(tmp_path), prefix_folder=folder) as engine:
            request = asked(random.Random(4), engine, "")
            stream = engine.submit(request)
            list(stream)
            reused.append(stream.counts.reused)
    assert reused == [0, request.prefix, 0]


def test_a_persona_read_by_another_model_is_not_found(tmp_path: Path) -> None:
    folder, reused = tmp_path / "prefixes", []
    for seed in (1, 2):
        with engine_of(tiny(tmp_path, seed=seed), prefix_folder=folder) as engine:
            stream = engine.submit(asked(random.Random(4), engine, ""))
            list(stream)
            reused.append(stream.counts.reused)
    assert reused == [0, 0]
