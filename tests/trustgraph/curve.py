"""Plain arithmetic on edwards25519, slow and open: to make the keys and signatures that nobody should accept."""

import hashlib
from functools import cache

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    cross = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    total = IDENTITY
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def decode(data: bytes) -> Point:
    """Read a point leniently: y may be p or more, and -0 is 0; raises `ValueError` if there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, (number & (2**255 - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        raise ValueError("not on the curve")
    return (P - x if x & 1 != sign and x else x), y


def encode(point: Point) -> bytes:
    return written(point[1], point[0] & 1)


def written(y: int, sign: int) -> bytes:
    """Write y as it is, also where it is p or more."""
    return (y | sign << 255).to_bytes(32, "little")


BASE = decode(written(4 * pow(5, -1, P) % P, 0))


def challenge(nonce_point: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(nonce_point + key + message).digest(), "little") % L


def holds(key: Point, nonce_point: Point, s: int, h: int, cofactor: int = 1) -> bool:
    """Whether S·B = R + h·A, each side times the cofactor; 8 is the lenient form, 1 the strict one."""
    return times(cofactor * s, BASE) == times(cofactor, add(nonce_point, times(h, key)))


@cache
def torsion() -> tuple[Point, ...]:
    """The eight points of small order: the multiples of one of order eight."""
    for y in range(2, 100):
        try:
            point = times(L, decode(written(y, 0)))
        except ValueError:
            continue
        if times(4, point) != IDENTITY:
            return tuple(times(number, point) for number in range(8))
    raise AssertionError("there is a point of order eight")


@cache
def small_encodings() -> tuple[bytes, ...]:
    """All ways to write a point of small order: y as it is or plus p where that still fits, either sign."""
    ys = {y for _, y in torsion()}
    ways = [written(y + extra, sign) for y in sorted(ys) for extra in (0, P) for sign in (0, 1) if y + extra < 2**255]
    return tuple(ways)
