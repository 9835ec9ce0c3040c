"""How a node listens."""

import asyncio
import socket
from pathlib import Path

from presence.cli.serve import _listen
from presence.settings import Settings


def test_the_end_of_a_response_does_not_wait_for_its_beginning_to_be_acknowledged(tmp_path: Path) -> None:
    async def sends_at_once() -> bool:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def visited(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection: socket.socket = writer.get_extra_info("socket")
            told.set_result(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        listening = _listen(Settings(home=tmp_path, port=0))
        async with await asyncio.start_server(visited, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            said = await told
            writer.close()
            await writer.wait_closed()
        return said

    assert asyncio.run(sends_at_once())
