"""A strict push service on loopback, with browsers that open what comes: written by the RFCs, not by our code.

It takes a push only as RFC 8030 and RFC 8292 have it, signed by the key that the browser was told of.
"""

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from presence.telling.push_door import PushDoor
from tests.certificates import write_certificate

HOST = "push.example"
JWT_SECONDS_MAX = 24 * 3600
URGENCIES = ("very-low", "low", "normal", "high")
_TOPIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, for one block."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]


@dataclass
class Browser:
    """A browser that is subscribed: it has the keys."""

    endpoint: str
    server_key: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    is_gone: bool = False
    opened: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": b64(self.point), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, body: bytes) -> bytes:
        """Decrypt as RFC 8291 has it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert length == 65
        assert len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        secret = hkdf(self.auth, shared, b"WebPush: info\0" + self.point + sender, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        text, mark, rest = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert mark
        assert not rest.strip(b"\0")
        return text


@dataclass
class PushService:
    """Takes pushes for the browsers that it knows; `says` is what it answers to the next ones, before it takes any."""

    address: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    says: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def subscribe(self, server_key: str) -> Browser:
        """Subscribe a browser for what is signed by this key alone."""
        path = f"/push/{secrets.token_urlsafe(24)}"
        self.browsers[path] = Browser(self.address + path, server_key)
        return self.browsers[path]

    def take(self, path: str, head: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Judge one request."""
        self.asked += 1
        if self.says:
            return self.says.pop(0)
        browser = self.browsers.get(path)
        if browser is None or browser.is_gone:
            return 410 if browser else 404, {}
        fault = self._fault(browser, head, body)
        if fault is not None:
            self.faults.append(fault)
            return 400, {}
        browser.heads.append(head)
        browser.bodies.append(body)
        browser.opened.append(json.loads(browser.open(body)))
        self.arrived.release()
        return 201, {"location": f"{self.address}/message/{secrets.token_hex(4)}"}

    def _fault(self, browser: Browser, head: dict[str, str], body: bytes) -> str | None:
        if head.get("content-encoding") != "aes128gcm" or not 0 < len(body) <= 4096:
            return "encoding"
        if not head.get("ttl", "").isdigit() or head.get("urgency", "normal") not in URGENCIES:
            return "ttl or urgency"
        if not 0 < len(head.get("topic", "x")) <= 32 or not set(head.get("topic", "x")) <= _TOPIC:
            return "topic"
        return self._who(browser, head.get("authorization", ""))

    def _who(self, browser: Browser, said: str) -> str | None:
        """RFC 8292: signed by the key of the subscription, for this origin, for a day at most."""
        scheme, _, rest = said.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme != "vapid" or parts.get("k") != browser.server_key:
            return "another key"
        head, claims, signature = parts["t"].split(".")
        raw = unb64(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        told, now = json.loads(unb64(claims)), time.time()
        if json.loads(unb64(head)) != {"typ": "JWT", "alg": "ES256"} or told["aud"] != self.address:
            return "audience"
        if not now < told["exp"] <= now + JWT_SECONDS_MAX or not told["sub"].startswith(("mailto:", "https://")):
            return "claims"
        return None


@contextmanager
def push_service(folder: Path) -> Iterator[tuple[PushService, PushDoor]]:
    """Open one at a name of its own; give it with the door by which a node reaches it."""
    service = PushService()
    certificate = write_certificate(folder / "push.pem", HOST)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            head = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(head.get("content-length", 0)))
            assert head["host"] == service.address.removeprefix("https://")
            status, more = service.take(self.path, head, body)
            self.send_response(status)
            for name, value in {**more, "content-length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_address[1]
    service.address = f"https://{HOST}:{port}"
    trusted = ssl.create_default_context(cafile=certificate)
    door = PushDoor(lambda _host, _port: ["127.0.0.1"], (ip_network("127.0.0.0/8"),), (port,), trusted)
    try:
        yield service, door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
