"""Chooses the next token of one answer: bias, grammar, temperature, seed.

The likeliest token is tried against the grammar alone first, since a model that follows its
instructions is nearly always right; then the likeliest few; the whole vocabulary only if none fits.
"""

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from llama_cpp import llama_cpp as c

from models.engine.contracts import Sampling
from models.engine.weights import Weights

TRIED_FIRST = 128

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
Logits = npt.NDArray[np.float32]


class NothingFits(Exception):
    """The grammar allows no token of the vocabulary here; the answer ends."""


class Sampler:
    """One answer's way of choosing; belongs to the engine's thread."""

    def __init__(self, weights: Weights, sampling: Sampling) -> None:
        self._weights = weights
        self.sampling = sampling
        self._bias = _bias(sampling.logit_bias)
        self._chain = _chain(sampling) if sampling.temperature > 0 else None
        self._grammar: _GrammarState | None = None
        if sampling.grammar is not None:
            self.follow(sampling.grammar.rules(""))

    def follow(self, rules: str | None) -> None:
        """Take new rules for whatever comes next."""
        if self._grammar is not None:
            self._grammar.close()
            self._grammar = None
        if rules is not None:
            self._grammar = _GrammarState(self._weights, rules)

    def choose(self, logits: Logits) -> int:
        """Choose and accept one token; raises `NothingFits`."""
        if self._bias is not None:
            logits = logits.copy()
            logits[self._bias[0]] += self._bias[1]
        token = self._likeliest(logits) if self._chain is None else self._drawn(logits)
        if self._grammar is not None:
            self._grammar.accept(token)
        return token

    def _likeliest(self, logits: Logits) -> int:
        token = int(logits.argmax())
        if self._grammar is None or self._grammar.allows(token):
            return token
        allowed = _allowed(self._grammar, logits)
        return int(allowed["id"][allowed["logit"].argmax()])

    def _drawn(self, logits: Logits) -> int:
        candidates = _candidates(logits, None) if self._grammar is None else _allowed(self._grammar, logits)
        with _Array(candidates) as array:
            c.llama_sampler_apply(self._chain, ctypes.byref(array))
            return int(array.data[array.selected].id)

    def close(self) -> None:
        """Free what llama.cpp holds for this answer."""
        self.follow(None)
        if self._chain is not None:
            c.llama_sampler_free(self._chain)
            self._chain = None


def _allowed(grammar: "_GrammarState", logits: Logits) -> npt.NDArray[Any]:
    count = min(TRIED_FIRST, len(logits))
    few = np.argpartition(logits, -count)[-count:]
    for ids in (few, None):
        candidates = _candidates(logits, ids)
        grammar.narrow(candidates)
        left: npt.NDArray[Any] = candidates[np.isfinite(candidates["logit"])]
        if len(left):
            return left
    raise NothingFits


class _GrammarState:
    """Where an answer stands in its grammar."""

    def __init__(self, weights: Weights, rules: str) -> None:
        self._handle: Any = c.llama_sampler_init_grammar(weights.vocab, rules.encode(), b"root")
        if not self._handle:
            raise ValueError("the grammar cannot be read")

    def allows(self, token: int) -> bool:
        one = np.zeros(1, _CANDIDATE)
        one["id"] = token
        self.narrow(one)
        return bool(np.isfinite(one["logit"][0]))

    def narrow(self, candidates: npt.NDArray[Any]) -> None:
        """Set the logit of whatever may not follow to minus infinity."""
        with _Array(candidates) as array:
            c.llama_sampler_apply(self._handle, ctypes.byref(array))

    def accept(self, token: int) -> None:
        c.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        c.llama_sampler_free(self._handle)


class _Array:
    """Candidates as llama.cpp wants them; keeps the memory alive while it is open."""

    def __init__(self, candidates: npt.NDArray[Any]) -> None:
        self._candidates = candidates

    def __enter__(self) -> Any:
        data = self._candidates.ctypes.data_as(c.llama_token_data_p)
        return c.llama_token_data_array(data, len(self._candidates), -1, sorted=False)

    def __exit__(self, *_: object) -> None:
        self._candidates = np.zeros(0, _CANDIDATE)


def _candidates(logits: Logits, ids: npt.NDArray[np.intp] | None) -> npt.NDArray[Any]:
    found = np.zeros(len(logits) if ids is None else len(ids), _CANDIDATE)
    found["id"] = np.arange(len(logits)) if ids is None else ids
    found["logit"] = logits if ids is None else logits[ids]
    return found


def _bias(given: Mapping[int, float]) -> tuple[npt.NDArray[np.intp], Logits] | None:
    if not given:
        return None
    return np.array(list(given), np.intp), np.array(list(given.values()), np.float32)


def _chain(sampling: Sampling) -> Any:
    chain = c.llama_sampler_chain_init(c.llama_sampler_chain_default_params())
    c.llama_sampler_chain_add(chain, c.llama_sampler_init_top_k(sampling.top_k))
    c.llama_sampler_chain_add(chain, c.llama_sampler_init_top_p(sampling.top_p, 1))
    c.llama_sampler_chain_add(chain, c.llama_sampler_init_temp(sampling.temperature))
    c.llama_sampler_chain_add(chain, c.llama_sampler_init_dist(sampling.seed))
    return chain
