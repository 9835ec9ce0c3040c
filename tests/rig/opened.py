"""Opens a node for a browser, in this process: writers and clocks of a test can serve there."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from presence.app import create_app
from presence.bootstrap import Services

HOST = "127.0.0.1"
OPEN_SECONDS_MAX = 60.0


def free_port() -> int:
    """Give a port that nobody has; the node has to know it before it opens."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


@contextmanager
def opened_at(services: Services) -> Iterator[str]:
    """Serve at the port of the settings, and give the address."""
    port = services.settings.port
    server = uvicorn.Server(uvicorn.Config(create_app(services), HOST, port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(int(OPEN_SECONDS_MAX * 50)):
        if server.started or waited.wait(0.02):
            break
    assert server.started
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(OPEN_SECONDS_MAX)
