"""The client of a request, as far as it can be known: its address.

That is all of an IPv4 address and the first 64 bits of an IPv6 one, which is what one household gets.
No header is believed; where a proxy stands in front, the server is told so.
"""

import ipaddress
from functools import lru_cache

from fastapi import Request

IPV6_BITS = 64
HOSTS_KEPT = 4_096


def client_of(request: Request) -> str:
    """Name the client by its address."""
    return _named(request.client.host if request.client else "")


@lru_cache(HOSTS_KEPT)
def _named(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, IPV6_BITS), strict=False))
    return str(address)
