"""How much memory this process may still take: the machine's, the container's, its own limit."""

import contextlib
import resource
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int | None:
    """Give the least of what is known, None when nothing is."""
    known = [known for known in (_machine(), _container(), _own_limit()) if known is not None]
    return min(known, default=None)


def _machine() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _container() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        limit = (_CGROUP / "memory.max").read_text().strip()
        if limit != "max":
            return int(limit) - int((_CGROUP / "memory.current").read_text())
    return None


def _own_limit() -> int | None:
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return None
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return int(soft) - pages * resource.getpagesize()
    return None
