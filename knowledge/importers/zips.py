"""What opening somebody's zip stumbles over, whatever is packed in it: notes, a Word document, a book."""

import zipfile
import zlib

STUMBLES = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    OSError,
    EOFError,
)
