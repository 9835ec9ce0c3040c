"""What stands in front of the room: its name, its certificate, the way from http, its headers, and no way past it."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from presence.sessions.origins import LOOPBACK
from presence.sight.checked import Checked
from presence.sight.public.reach import HTTPS, SECONDS_MAX, Reach
from presence.web.safe_headers import SAFE_HEADERS

DAY_SECONDS = 24 * 3600
DAYS_LEFT_MIN, DAYS_LEFT_ENOUGH = 7, 20
SHORT_LIVED_DAYS = 30
"""A certificate that is made for so few days is renewed every few days; half of its life has to be left."""
HSTS_SECONDS_MIN = 180 * DAY_SECONDS
_HSTS = "Strict-Transport-Security"
_CONNECT_SECONDS_MAX = 5.0
_PUT_ON = "Let the front pass it on as it comes from the room: setup/hosting/Caddyfile does."


def name_check(reach: Reach) -> Iterator[Checked]:
    """Whether the name leads to this machine, by every address that it has."""
    try:
        addresses = reach.addresses_of(reach.host)
    except OSError:
        do = (
            "At whoever keeps your domain, add an A record (and AAAA) with this machine's address; it can take an hour."
        )
        yield Checked("domain", "wrong", f"{reach.host} leads nowhere: no address is found for it.", do)
        return
    for address in addresses:
        yield _address(reach, address)


def _address(reach: Reach, address: str) -> Checked:
    if not _is_public(address):
        do = "Let the name point to the address that the world sees; a home router has to pass ports 80 and 443 on."
        return Checked("domain", "wrong", f"{reach.host} leads to {address}, which is reached from nearby only.", do)
    try:
        with socket.create_connection((address, reach.port), timeout=_CONNECT_SECONDS_MAX):
            return Checked("domain", "ok", f"{reach.host} leads to {address}, and something answers there.")
    except OSError as error:
        if ":" in address and not _has_ipv6():
            do = "Look from a machine that has IPv6, or take the AAAA record out."
            return Checked("domain", "unknown", f"{address} cannot be tried: this machine has no IPv6.", do)
        do = (
            f"Open port {reach.port} in the firewall, look whether the front runs, or take that address out of the DNS."
        )
        return Checked(
            "domain", "wrong", f"{reach.host} leads to {address}, where nothing answers ({type(error).__name__}).", do
        )


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _has_ipv6() -> bool:
    """Whether this machine has a way out by IPv6; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as tried:
            tried.connect(("2001:4860:4860::8888", 53))
    except OSError:
        return False
    return True


def certificate_check(reach: Reach) -> Iterator[Checked]:
    """Whether a browser would believe the certificate, and for how long yet."""
    try:
        with (
            socket.create_connection((reach.host, reach.port), timeout=SECONDS_MAX) as plain,
            reach.trust.wrap_socket(plain, server_hostname=reach.host) as shaken,
        ):
            told, version = shaken.getpeercert() or {}, shaken.version()
    except ssl.SSLCertVerificationError as error:
        do = "Look into the log of the front: why could it not get a certificate? Ports 80 and 443 have to be open."
        yield Checked("certificate", "wrong", f"Browsers refuse the certificate: {error.verify_message}.", do)
        return
    except ssl.SSLError as error:
        do = "Something else answers at that port: put the front there."
        yield Checked("certificate", "wrong", f"No TLS is spoken at {reach.authority} ({error.reason}).", do)
        return
    yield lasting(str(told["notBefore"]), str(told["notAfter"]), version or "TLS")


def lasting(begins: str, ends: str, version: str) -> Checked:
    """Say how long a certificate holds yet; its times are as `ssl` tells them."""
    ends_at = ssl.cert_time_to_seconds(ends)
    left = (ends_at - time.time()) / DAY_SECONDS
    whole = (ends_at - ssl.cert_time_to_seconds(begins)) / DAY_SECONDS
    said = (
        f"It is valid, by {version}, for {left:,.0f} more days." if left >= 2 else f"It ends in {left * 24:,.0f} hours."
    )
    do = "It should have been renewed by now: look into the log of the front."
    if whole <= SHORT_LIVED_DAYS:
        return Checked("certificate", *(("ok", said, "") if left > whole / 3 else ("wrong", said, do)))
    if left < DAYS_LEFT_MIN:
        return Checked("certificate", "wrong", said, do)
    return Checked("certificate", *(("ok", said, "") if left >= DAYS_LEFT_ENOUGH else ("note", said, do)))


def http_check(reach: Reach) -> Iterator[Checked]:
    """Whether who types the name alone comes to https."""
    if reach.port != HTTPS and reach.http_port == 80:
        yield Checked("http", "unknown", "The room is at a port of its own: no http belongs to it that could be tried.")
        return
    address = f"http://{reach.host}" + ("" if reach.http_port == 80 else f":{reach.http_port}")
    try:
        answer = httpx.get(address, timeout=SECONDS_MAX, trust_env=False, follow_redirects=False)
    except httpx.TransportError as error:
        do = (
            "Open port 80 to the front: who types the name alone comes there first, and certificates are renewed by it."
        )
        yield Checked("http", "note", f"Nothing answers at {address} ({type(error).__name__}).", do)
        return
    to = urlsplit(answer.headers.get("location", ""))
    if answer.is_redirect and to.scheme == "https" and to.netloc == reach.authority:
        yield Checked("http", "ok", f"{address} leads on to https.")
        return
    do = "Let the front answer http with nothing but the way to https; Caddy does so by itself."
    yield Checked("http", "wrong", f"{address} does not lead on to {reach.url} (it answers {answer.status_code}).", do)


def headers_check(reach: Reach) -> Iterator[Checked]:
    """Whether what the room tells browsers arrives as it was said, and https is to be kept to."""
    with reach.client() as client:
        answer = client.get("/healthz")
    if answer.status_code != 200:
        do = "Look whether presence serve runs, and whether PRESENCE_ALLOWED_HOSTS names the domain."
        yield Checked("headers", "wrong", f"The room does not answer through the front ({answer.status_code}).", do)
        return
    changed = [name for name, value in SAFE_HEADERS.items() if answer.headers.get_list(name) != [value]]
    for name in changed:
        yield Checked("headers", "wrong", f"{name} is lost on the way, or said otherwise.", _PUT_ON)
    seconds = _max_age(answer.headers.get(_HSTS, ""))
    if seconds < HSTS_SECONDS_MIN:
        do = f'Let the front say: {_HSTS} "max-age=31536000". Begin with it once https works.'
        yield Checked("headers", "wrong", "Browsers are not told to keep to https.", do)
    elif not changed:
        yield Checked("headers", "ok", "They arrive as the room says them, and browsers keep to https.")


def _max_age(policy: str) -> int:
    for part in policy.lower().replace(" ", "").split(";"):
        name, _, value = part.partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return int(value.strip('"'))
    return 0


def past_check(reach: Reach, port: int) -> Iterator[Checked]:
    """Whether strangers come past the front to the room's own port, where there is no TLS."""
    addresses = [address for address in reach.addresses_of(reach.host) if _is_public(address)]
    if port in (HTTPS, reach.http_port) or not addresses:
        said = f"Whether port {port} is open to the world cannot be seen from here."
        yield Checked("past", "unknown", said, "Try it from elsewhere; it should be shut.")
        return
    for address in addresses:
        shown = f"[{address}]" if ":" in address else address
        try:
            httpx.get(f"http://{shown}:{port}/healthz", timeout=_CONNECT_SECONDS_MAX, trust_env=False)
        except httpx.TransportError:
            yield Checked("past", "ok", f"Port {port} is shut at {address}: nobody comes past the front.")
        else:
            do = "Set PRESENCE_HOST=127.0.0.1, or shut that port in the firewall (or do not publish it)."
            yield Checked("past", "wrong", f"At {address} the room answers past the front, at port {port}.", do)


def unfit(url: str) -> Checked | None:
    """Say what is wrong with the public address itself, before anything is tried; None where it will do."""
    do = 'Set PRESENCE_PUBLIC_URL=https://your.domain and PRESENCE_ALLOWED_HOSTS=\'["your.domain","localhost"]\'.'
    if not url:
        return Checked("domain", "wrong", "No public address is set.", do)
    parts = urlsplit(url)
    if parts.scheme != "https":
        return Checked("domain", "wrong", f"{url} has no TLS: nobody can sign in there.", do)
    if (parts.hostname or "") in LOOPBACK or _is_number(parts.hostname or ""):
        return Checked("domain", "wrong", f"{url} is no name that others could type.", do)
    return None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
