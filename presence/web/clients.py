"""The client of a request, as far as it can be known: its address.

That is all of an IPv4 address and the first 64 bits of an IPv6 one, which is what one household gets.
No header is believed; where a proxy stands in front, the server is told so.
"""

import ipaddress

from fastapi import Request

IPV6_BITS = 64


def client_of(request: Request) -> str:
    """Name the client by its address."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, IPV6_BITS), strict=False))
    return str(address)
