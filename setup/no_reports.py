"""Stands where Chroma looks for what it would report with, in an image that has no gRPC: `setup/slim.sh` puts it there.

Chroma names it when it is loaded, and makes one only where it is told to report, which nobody here does.
"""

from typing import Any


class OTLPSpanExporter:
    """What would carry Chroma's reports away; there is none."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise ImportError(
            "Chroma was told to report (CHROMA_OTEL_COLLECTION_ENDPOINT), and this image has no gRPC to do it with. "
            "Take that setting away, or the image that is whole (TARGET=whole)."
        )
