"""Signing in by a link in a mail, without a key and without scripts; and bringing one's own key later."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from presence.bootstrap import Services
from presence.errors import KeyMoved, LinkSpent
from presence.home import Home
from presence.identity import Founding, found
from presence.sessions.mail_link import LINK_SECONDS, MailLinks
from presence.settings import LimitsSettings
from presence.tables import held_keys, mail_links, outbox
from tests.mailing import USER, Mailroom, link_in, mailroom, text_of
from tests.nodes import client_of, open_node, take_in
from tests.trusting import ORIGIN, sign_in
from tests.trusting import key as key_of
from trustgraph import Delegate, Key, Tier, issuing

ANN = "ann@example.org"
ASKED = {"question": "What happened on the night ferry?"}
DAY = 24 * 3600
HTML = {"Accept": "text/html"}


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def founding(tmp_path: Path) -> Founding:
    """The keys of the home."""
    home = Home(tmp_path / "home")
    home.prepare()
    return found(home, int(time.time()), passphrase="of no importance here")


@pytest.fixture
def posting(tmp_path: Path, founding: Founding, room: Mailroom, material: Path) -> Iterator[Services]:
    """A node that sends mail, with an artist, a door and a till."""
    with open_node(tmp_path / "home", smtp_url=room.url, mail_from=USER) as services:
        take_in(services, material, tier=None)
        yield services


@pytest.fixture
def client(posting: Services) -> Iterator[TestClient]:
    with client_of(posting) as opened:
        yield opened


def asked_for(client: TestClient, room: Mailroom, address: str = ANN) -> str:
    """Ask for a link and read it in the mail."""
    assert client.post("/sign-in", data={"email": address}).status_code == 200
    return link_in(room.next())


def press(client: TestClient, link: str) -> Any:
    """Press the button of the page that a link leads to."""
    token = parse_qs(urlsplit(link).query)["token"][0]
    return client.post("/sign-in/link", data={"token": token}, follow_redirects=False)


def came_by_mail(client: TestClient, room: Mailroom, address: str = ANN) -> str:
    """Sign in by mail; give the did of the held key."""
    assert press(client, asked_for(client, room, address)).status_code == 303
    return str(client.get("/api/me").json()["did"])


def let_in(services: Services, role: str, sub: str, tier: Tier, *, days: int = 30) -> Any:
    """Let somebody in with a key of the node."""
    key = getattr(services.node_keys, role)
    with services.trust.snapshot() as (_, store):
        entry = store.newest(f"{role}>{key.did}")
    assert entry is not None
    delegate = entry.document
    assert isinstance(delegate, Delegate)
    now = int(services.trust.now())
    via = "subscription" if role == "till" else "vouch"
    grant = issuing.grant(
        key,
        root=delegate.root,
        sub=sub,
        tier=tier,
        nbf=now,
        exp=now + days * DAY,
        parent=delegate.ident,
        via=via,
    )
    return services.trust.accept(grant, "grant").entry.document


def grants_of(services: Services, sub: str) -> list[Any]:
    with services.trust.snapshot() as (_, store):
        return [entry.document for entry in store.live(sub, 0, 16)]


def test_who_came_by_mail_has_a_code_for_a_friend_to_introduce_her(client: TestClient, room: Mailroom) -> None:
    did = came_by_mail(client, room)
    shown = client.get("/people", headers={"Accept": "text/html"}).text
    assert f'<code class="code-to-copy">{did}</code>' in shown
    sign_in(client, key_of("bea"))  # with a key of one's own it stands on the page of the key
    assert "code-to-copy" not in client.get("/people", headers={"Accept": "text/html"}).text


def test_a_link_in_a_mail_opens_a_session(client: TestClient, room: Mailroom) -> None:
    page = client.get("/sign-in")
    assert 'type="email"' in page.text
    link = asked_for(client, room)
    assert link.startswith(f"{ORIGIN}/sign-in/link?token=")
    letter = room.letters[0]
    assert (letter["To"], letter["From"]) == (ANN, USER)
    assert "15 minutes" in " ".join(text_of(letter).split())
    answer = press(client, link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", f"max-age={30 * DAY}"))
    told = client.get("/api/me").json()
    assert (told["how"], told["tier"], told["rights"]) == ("mail", "public", [])


def test_the_link_leads_back_to_the_page_where_she_was(client: TestClient, room: Mailroom) -> None:
    assert 'name="next" value="/people"' in client.get("/sign-in?next=%2Fpeople").text
    client.post("/sign-in", data={"email": ANN, "next": "/people"})
    page = client.get(link_in(room.next()))
    assert 'name="next" value="/people"' in page.text
    token = parse_qs(urlsplit(link_in(room.letters[-1])).query)["token"][0]
    answer = client.post("/sign-in/link", data={"token": token, "next": "/people"}, follow_redirects=False)
    assert answer.headers["location"] == "/people"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a//b",
        "/\n",
        "/" + "a" * 198 + "!",
    ],
)
def test_it_leads_nowhere_else(client: TestClient, room: Mailroom, elsewhere: str) -> None:
    assert 'name="next" value="/"' in client.get("/sign-in", params={"next": elsewhere}).text
    client.post("/sign-in", data={"email": ANN, "next": elsewhere})
    link = link_in(room.next())
    assert "next=" not in link
    token = parse_qs(urlsplit(link).query)["token"][0]
    answer = client.post("/sign-in/link", data={"token": token, "next": elsewhere}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_the_same_address_is_the_same_person_and_another_is_another(client: TestClient, room: Mailroom) -> None:
    first = came_by_mail(client, room)
    assert came_by_mail(client, room, " ANN@Example.org") == first
    assert came_by_mail(client, room, "bob@example.org") != first


def test_looking_at_a_link_does_not_spend_it(client: TestClient, room: Mailroom) -> None:
    link = asked_for(client, room)
    for _ in range(3):
        page = client.get(link)
        assert "<button" in page.text
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "same-origin")
        assert client.head(link).status_code in (200, 405)
    assert client.get("/api/me").json()["did"] is None
    assert press(client, link).status_code == 303


def test_a_link_works_once(client: TestClient, room: Mailroom, posting: Services) -> None:
    link = asked_for(client, room)
    with ThreadPoolExecutor(10) as threads:
        codes = sorted(threads.map(lambda _: press(client, link).status_code, range(10)))
    assert codes == [303] + [401] * 9


@pytest.mark.parametrize("token", ["", "a" * 43, "ü" * 43, "a" * 42])
def test_a_link_that_nobody_made_opens_nothing(client: TestClient, token: str) -> None:
    assert client.post("/sign-in/link", data={"token": token}).status_code == 401


def test_a_link_is_too_old_after_a_quarter_of_an_hour(posting: Services, room: Mailroom) -> None:
    now = time.time()
    seal, origins = posting.mail_links.seal, posting.origins
    links = MailLinks(posting.lane, seal, posting.outbox, origins, lambda: "Ada", lambda: now)
    links.send(ANN, "")
    token = parse_qs(urlsplit(link_in(room.next())).query)["token"][0]
    now += LINK_SECONDS + 1
    with pytest.raises(LinkSpent):
        links.spend(token)
    now -= 2
    assert links.spend(token) == links.mailbox(ANN)


def test_the_answer_is_the_same_whoever_it_is(client: TestClient, room: Mailroom) -> None:
    came_by_mail(client, room)
    known = client.post("/sign-in", data={"email": ANN})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


def test_no_address_and_no_key_lies_open(client: TestClient, room: Mailroom, posting: Services) -> None:
    did = came_by_mail(client, room)
    with posting.database.records() as records:
        stored = [str(row) for table in (held_keys, mail_links, outbox) for row in records.execute(select(table))]
        (row,) = records.execute(select(held_keys)).all()
    assert not any("ann" in line or "example" in line for line in stored)
    seed = posting.held_keys.seal.open(row.seed, f"held key {row.mailbox}")
    assert Key(seed).did == did
    assert seed not in posting.home.database.read_bytes()


def test_a_link_leads_to_our_own_address_whatever_a_request_claims(client: TestClient, room: Mailroom) -> None:
    client.post("/sign-in", data={"email": ANN}, headers={"X-Forwarded-Host": "evil.example", "Host": "localhost:1"})
    assert link_in(room.next()).startswith(f"{ORIGIN}/sign-in/link?")


def test_what_is_no_address_is_refused_and_nothing_is_sent(client: TestClient, posting: Services) -> None:
    for address in ("ann", "ann@example.org\nBcc: bob@example.org", "", "a@" + "b" * 300):
        assert client.post("/sign-in", data={"email": address}).status_code == 422
    with posting.database.records() as records:
        assert records.execute(select(mail_links)).all() == []


def test_five_mails_an_hour_go_to_one_address(client: TestClient, room: Mailroom) -> None:
    codes = [client.post("/sign-in", data={"email": address}).status_code for address in [ANN] * 5 + [ANN, ANN.upper()]]
    assert codes == [200] * 5 + [429] * 2
    assert client.post("/sign-in", data={"email": "bob@example.org"}).status_code == 200


def test_twenty_mails_an_hour_are_sent_for_one_client(client: TestClient) -> None:
    codes = [client.post("/sign-in", data={"email": f"a{n}@example.org"}).status_code for n in range(21)]
    assert codes == [200] * 20 + [429]


def test_without_a_mail_server_the_page_says_so(node: Services) -> None:
    with client_of(node) as client:
        page = client.get("/sign-in")
        assert "sends no mail" in page.text
        assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
        assert client.post("/sign-in", data={"email": ANN}).status_code == 409


@pytest.mark.parametrize("path", ["/follow", "/people", "/memory", "/telling", "/wallet", "/tiers"])
def test_pages_offer_a_link_in_a_mail_where_mail_is_sent(client: TestClient, path: str) -> None:
    assert f'href="/sign-in?next=%2F{path[1:]}"' in client.get(path, headers=HTML).text


@pytest.mark.parametrize("path", ["/follow", "/people", "/memory", "/telling", "/wallet", "/tiers", "/key"])
def test_pages_of_a_presence_without_mail_offer_none(node: Services, path: str) -> None:
    with client_of(node) as client:
        page = client.get(path, headers=HTML).text
    assert "mail" not in page.partition("<main")[2].partition("</main>")[0]


def test_what_was_asked_before_is_hers_on_every_device(client: TestClient, room: Mailroom, posting: Services) -> None:
    asked = client.post("/api/questions", json=ASKED).json()
    came_by_mail(client, room)
    assert client.get(f"/api/questions/{asked['id']}").status_code == 200
    with client_of(posting) as elsewhere:
        assert elsewhere.get(f"/api/questions/{asked['id']}").status_code == 404
        came_by_mail(elsewhere, room)
        assert elsewhere.get(f"/api/questions/{asked['id']}").status_code == 200


def test_a_held_key_opens_no_more_than_supporter(
    client: TestClient, room: Mailroom, posting: Services, founding: Founding
) -> None:
    did = came_by_mail(client, room)
    let_in(posting, "door", did, Tier.FOLLOWER)
    assert client.get("/api/me").json()["tier"] == "follower"
    let_in(posting, "till", did, Tier.SUPPORTER)
    assert client.get("/api/me").json()["tier"] == "supporter"
    by_artist(posting, founding, did, Tier.INNER)
    assert posting.trust.tier_of(did).tier == Tier.INNER
    assert client.get("/api/me").json()["tier"] == "supporter"


def by_artist(services: Services, founding: Founding, sub: str, tier: Tier) -> Any:
    root, now = services.trust.keys.root or "", int(services.trust.now())
    grant = issuing.grant(founding.artist, root=root, sub=sub, tier=tier, nbf=now, exp=now + DAY)
    return services.trust.accept(grant, "grant").entry.document


def test_who_brings_her_own_key_has_with_it_what_she_had(client: TestClient, room: Mailroom, posting: Services) -> None:
    held, own = came_by_mail(client, room), key_of("ann")
    follower = let_in(posting, "door", held, Tier.FOLLOWER, days=90)
    supporter = let_in(posting, "till", held, Tier.SUPPORTER, days=30)
    asked = client.post("/api/questions", json=ASKED).json()
    sign_in(client, own)
    told = client.get("/api/me").json()
    assert (told["did"], told["how"], told["tier"]) == (own.did, "key", "supporter")
    assert client.get(f"/api/questions/{asked['id']}").status_code == 200
    kept = {(grant.iss, grant.tier, grant.nbf, grant.exp, grant.via) for grant in grants_of(posting, own.did)}
    assert kept == {(grant.iss, grant.tier, grant.nbf, grant.exp, grant.via) for grant in (follower, supporter)}
    assert grants_of(posting, held) == []
    assert posting.trust.tier_of(held).tier == Tier.PUBLIC
    assert posting.trust.check() == []


def test_what_the_held_key_had_is_taken_back_by_itself(client: TestClient, room: Mailroom, posting: Services) -> None:
    held = came_by_mail(client, room)
    let_in(posting, "door", held, Tier.FOLLOWER)
    sign_in(client, key_of("ann"))
    last = list(posting.trust.entries())[-1]
    assert (last.kind, last.document.iss) == ("revoke", held)  # type: ignore[union-attr]


def test_sessions_of_the_held_key_end_and_its_mail_leads_to_her_own(
    client: TestClient, room: Mailroom, posting: Services
) -> None:
    with client_of(posting) as elsewhere:
        came_by_mail(elsewhere, room)
        came_by_mail(client, room)
        sign_in(client, key_of("ann"))
        assert elsewhere.get("/api/me").json()["did"] is None
        refused = press(elsewhere, asked_for(elsewhere, room))
        assert refused.status_code == 403
        assert "own key" in refused.json()["detail"]
        assert elsewhere.get("/api/me").json()["did"] is None


def test_a_better_grant_that_her_own_key_has_already_stays(
    client: TestClient, room: Mailroom, posting: Services
) -> None:
    held, own = came_by_mail(client, room), key_of("ann")
    let_in(posting, "till", held, Tier.SUPPORTER, days=30)
    longer = let_in(posting, "till", own.did, Tier.SUPPORTER, days=300)
    sign_in(client, own)
    assert [grant.ident for grant in grants_of(posting, own.did)] == [longer.ident]


def test_what_the_artist_gave_is_not_given_on(
    client: TestClient, room: Mailroom, posting: Services, founding: Founding
) -> None:
    held, own = came_by_mail(client, room), key_of("ann")
    by_artist(posting, founding, held, Tier.CIRCLE)
    let_in(posting, "door", held, Tier.FOLLOWER)
    sign_in(client, own)
    assert client.get("/api/me").json()["tier"] == "follower"
    assert posting.trust.tier_of(held).tier == Tier.PUBLIC


def test_who_was_blocked_brings_nothing_along(
    client: TestClient, room: Mailroom, posting: Services, founding: Founding
) -> None:
    held = came_by_mail(client, room)
    let_in(posting, "door", held, Tier.FOLLOWER)
    root = posting.trust.keys.root or ""
    block = issuing.revocation(founding.artist, root=root, target=held, t=int(posting.trust.now()))
    posting.trust.accept(block, "revoke")
    sign_in(client, key_of("ann"))
    assert client.get("/api/me").json()["tier"] == "public"
    assert grants_of(posting, key_of("ann").did) == []


def test_a_move_that_was_broken_off_is_finished_and_never_goes_to_a_second_key(
    client: TestClient, room: Mailroom, posting: Services
) -> None:
    held, own = came_by_mail(client, room), key_of("ann").did
    let_in(posting, "door", held, Tier.FOLLOWER)
    posting.held_keys.move(held, own)
    seq = posting.trust.head[0]
    posting.held_keys.move(held, own)
    assert posting.trust.head[0] == seq
    with pytest.raises(KeyMoved):
        posting.held_keys.move(held, key_of("bob").did)
    assert posting.trust.tier_of(key_of("bob").did).tier == Tier.PUBLIC


def test_another_sign_in_with_a_key_moves_nothing_without_the_mail_session(
    client: TestClient, room: Mailroom, posting: Services
) -> None:
    held = came_by_mail(client, room)
    let_in(posting, "door", held, Tier.FOLLOWER)
    with client_of(posting) as elsewhere:
        sign_in(elsewhere, key_of("bob"))
    assert posting.trust.tier_of(held).tier == Tier.FOLLOWER
    assert client.get("/api/me").json()["did"] == held


def test_a_letter_that_the_server_refused_waits_for_the_next_start(tmp_path: Path, room: Mailroom) -> None:
    limits = LimitsSettings(mails_to_address_per_hour=1)
    with open_node(tmp_path / "home", smtp_url=room.url, mail_from=USER, limits=limits) as services:
        room.refuses = 1
        with client_of(services) as client:
            assert client.post("/sign-in", data={"email": ANN}).status_code == 200
            assert client.post("/sign-in", data={"email": ANN}).status_code == 429
        assert room.arrived.acquire(timeout=30)
    with open_node(tmp_path / "home", smtp_url=room.url, mail_from=USER) as again, again.database.records() as records:
        assert len(records.execute(select(outbox)).all()) + len(room.letters) == 1
