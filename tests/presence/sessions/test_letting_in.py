"""Where a program may send people back to, and a code that two processes redeem at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest

from presence.bootstrap import Services
from presence.sessions.bearer import BearerKeys, KeyMadeAlready, Wanted
from presence.sessions.letting_in import Code, LettingIn, Program, comes_back_to, is_an_address_to_come_back_to
from presence.write_lane import WriteLane
from tests.presence.web.paying import ANN
from trustgraph.sealing import Seal

BACK = "http://127.0.0.1:33418/callback"
CHALLENGE = "x" * 43


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://assistant.example/callback", True),
        ("http://127.0.0.1:1/", True),
        ("http://localhost/x?y=1", True),
        ("http://[::1]:8/x", True),
        ("cursor://anysphere.cursor-retrieval/oauth/callback", True),
        ("ms-msdt:/id", False),
        ("search-ms:query", False),
        ("intent://x", False),
        ("wss://x.example/", False),
        ("x:", False),
        ("com.example.app:/back", True),
        ("http://127.0.0.1.evil.example/", False),
        ("https://", False),
        ("https://a@b.example/", False),
        ("data:text/html,x", False),
        ("JAVASCRIPT:alert(1)", False),
        ("https://assistant.example/#x", False),
        ("https://assistant.example/\n", False),
        ("//assistant.example", False),
        ("/x", False),
        ("https://[", False),
    ],
)
def test_where_one_may_be_sent(address: str, *, is_one: bool) -> None:
    assert is_an_address_to_come_back_to(address) is is_one


@pytest.mark.parametrize(
    ("address", "does"),
    [
        (BACK, True),
        (BACK.replace("33418", "1"), True),
        (BACK.replace("127.0.0.1", "localhost"), False),
        (f"{BACK}?x=1", False),
        (BACK.replace("http", "https"), False),
        (BACK.replace("127.0.0.1:33418", "127.0.0.1:33418@evil.example"), False),
        (BACK.replace("127.0.0.1:33418", "evil.example"), False),
    ],
)
def test_only_the_port_of_this_device_may_be_another(address: str, *, does: bool) -> None:
    assert comes_back_to(BACK, address) is does


def test_of_two_processes_that_redeem_a_code_at_once_one_gives_a_key_and_it_is_over(both: Services) -> None:
    session = both.sessions.find(both.sessions.begin(ANN.did))
    assert session is not None
    with ExitStack() as closing, ThreadPoolExecutor(2) as threads:
        lane = WriteLane(both.database.owner)
        closing.callback(lane.close)
        seal = Seal(lambda: b"s" * 32)
        here, there = BearerKeys(both.database, both.lane), BearerKeys(both.database, lane)
        processes = [LettingIn(seal, bearers, both.sessions) for bearers in (here, there)]
        program = processes[0].register(Program("Shelf", (BACK,)))
        asked = processes[0].asked(processes[0].ask(program, BACK, is_explicit=True, state=None, challenge=CHALLENGE))

        def redeem(process: LettingIn, code: Code, ready: Barrier) -> str:
            ready.wait()
            try:
                process.redeem(code)
            except KeyMadeAlready:
                return "again"
            return "key"

        for _ in range(10):
            sealed = processes[0].agree(asked, session, Wanted("Shelf", 3600))
            code, ready = processes[0].code(program, sealed), Barrier(2)
            outcomes = [threads.submit(redeem, process, code, ready) for process in processes]
            assert sorted(outcome.result() for outcome in outcomes) == ["again", "key"]
            assert here.live_of(ANN.did) == []
