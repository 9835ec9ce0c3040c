"""Opens a node for a browser, in this process: writers and clocks of a test can serve there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from presence.app import create_app
from presence.bootstrap import Services
from tests.ports import HOST

OPEN_SECONDS_MAX = 60.0


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
