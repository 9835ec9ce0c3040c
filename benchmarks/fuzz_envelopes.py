"""Looks for inputs on which the reader of signed documents does anything but accept or refuse, with atheris.

The first byte chooses: a raw envelope, or a payload that is signed here, so that what lies behind
the signature is reached too. An exception other than a refusal, or five seconds over one input, ends
the run and leaves the input behind. `python -m benchmarks fuzz_envelopes --minutes 30`.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SECONDS_MAX_PER_INPUT = 5
INPUT_BYTES_MAX = 6_000
KINDS = ("grant", "delegate", "revoke", "key", "checkpoint", "auth")


def measure(minutes: float) -> dict[str, Any]:
    """Fuzz in a process of its own, with the bytes of its inputs guided by what code they reach."""
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder) / "corpus")
        command = [sys.executable, "-m", "benchmarks.fuzz_envelopes", str(Path(folder) / "corpus")]
        limits = [f"-max_total_time={int(minutes * 60)}", f"-timeout={SECONDS_MAX_PER_INPUT}"]
        limits += [f"-max_len={INPUT_BYTES_MAX}", f"-artifact_prefix={folder}/", "-print_final_stats=1"]
        began = time.monotonic()
        done = subprocess.run([*command, *limits], capture_output=True, text=True, check=False)
        executions = re.findall(r"number_of_executed_units: (\d+)", done.stderr)
        found = [path.name for path in Path(folder).glob("*-*") if path.is_file()]
    figures: dict[str, Any] = {
        "minutes": round((time.monotonic() - began) / 60, 1),
        "executions": int(executions[-1]) if executions else 0,
        "found": len(found),
        "exit": done.returncode,
    }
    if done.returncode:
        figures["why"] = done.stderr[-2_000:]
    return {"figures": figures, "ratios": {}}


def seeds(folder: Path) -> None:
    """Write an accepted document of each kind, raw and as a payload."""
    from tests.trusting import key
    from trustgraph import Tier, Vouch, issuing

    folder.mkdir()
    now, root = 1_795_132_800, "sha256:" + "a" * 64
    signer, vouch = key("the artist"), Vouch(2, 3, Tier.FOLLOWER)
    documents = [
        issuing.grant(signer, root=root, sub=key("ann").did, tier=Tier.CIRCLE, vouch=vouch, nbf=now, exp=now + 60),
        issuing.delegate(
            signer, root=root, sub=key("door").did, role="door", tier=Tier.FOLLOWER, people=9, nbf=now, exp=now + 60
        ),
        issuing.revocation(signer, root=root, target=key("ann").did, t=now),
        issuing.inception(signer, next_key=key("next").did, t=now, recovery=(key("ann").did,)),
        issuing.rotation(signer, root=root, seq=1, prev=root, next_key=key("next").did, t=now, from_seq=3),
        issuing.checkpoint(signer, root=root, seq=3, head=root, t=now),
        issuing.auth(signer, root=root, aud="https://ada.example", nonce="n", iat=now),
    ]
    for number, document in enumerate(documents):
        (folder / f"raw-{number}").write_bytes(b"\x00" + json.dumps(document).encode())
        for kind in range(len(KINDS)):
            payload = base64.b64decode(document["payload"])
            (folder / f"payload-{number}-{kind}").write_bytes(bytes([1 + kind]) + payload)


def main() -> None:
    """Be fuzzed: the arguments are libFuzzer's."""
    import atheris

    with atheris.instrument_imports(include=["trustgraph", "rfc8785"]):
        from trustgraph import DocumentRefused, Key, Replay, issuing
        from trustgraph.envelopes import kind_of, signed_bytes, type_of

    signer, following = Key(b"\x01" * 32), Key(b"\x02" * 32)
    now = 1_795_132_800

    def one(data: bytes) -> None:
        if not data:
            return
        replay = Replay()
        replay.accept(issuing.inception(signer, next_key=following.did, t=now), "key", now)
        try:
            if data[0] % (len(KINDS) + 1) == 0:
                replay.accept(data[1:], kind_of(data[1:]), now)
                return
            kind = KINDS[data[0] % (len(KINDS) + 1) - 1]
            signature = signer.sign(signed_bytes(type_of(kind), data[1:]))
            sealed = {"keyid": signer.did, "sig": base64.b64encode(signature).decode()}
            payload = base64.b64encode(data[1:]).decode()
            envelope = {"payloadType": type_of(kind), "payload": payload, "signatures": [sealed]}
            if kind in ("checkpoint", "auth"):
                replay.check(envelope, now)
            else:
                replay.accept(envelope, kind, now)
        except DocumentRefused:
            return

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
