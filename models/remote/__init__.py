"""A writer that lives elsewhere: any server that speaks OpenAI's chat completions, by URL and key.

The server is asked for pointers only, in the strongest form it accepts, and what it gives is checked
here all the same. Nothing is opened before the first answer, so a node starts while its writer is away.
"""

from models.remote.writer import RemoteWriter

__all__ = ["RemoteWriter"]
