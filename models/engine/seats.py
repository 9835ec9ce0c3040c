"""Who sits in the context: sequences for answers and for frozen prefixes, and the cells they take."""

from dataclasses import dataclass, field

from models.engine.answers import Answer
from models.engine.context import Context
from models.engine.contracts import Room, Savings
from models.engine.keeping import Conversations, Kept, PrefixFiles, Tokens, alike


@dataclass(slots=True)
class Frozen:
    """A persona's words, read once; `users` answers stand on it now."""

    sequence: int
    tokens: Tokens
    users: int = 0
    used_at: int = 0


@dataclass(slots=True)
class Seats:
    """Gives answers a place to be read in, beginning with whatever was read before."""

    context: Context
    room: Room
    savings: Savings
    files: PrefixFiles
    free: list[int] = field(init=False)
    cells_taken: int = 0
    _frozen: dict[tuple[int, Tokens], Frozen] = field(default_factory=dict)
    _free_prefixes: list[int] = field(init=False)
    conversations: Conversations = field(init=False)
    _clock: int = 0

    def __post_init__(self) -> None:
        answers, prefixes = self.room.answers, self.room.prefixes
        self.free = list(range(answers))
        self._free_prefixes = list(range(answers, answers + prefixes))
        self.conversations = Conversations(self.room.conversation_bytes)

    def take(self, answer: Answer) -> bool:
        """Seat an answer; false when there is no room for it yet."""
        request = answer.request
        needed = len(request.tokens) + request.sampling.tokens_max
        while self.free and self.cells_taken + needed > self.context.cells:
            if not self._drop_oldest_prefix():
                return False
        if not self.free:
            return False
        answer.sequence, answer.cells = self.free.pop(), needed
        self.cells_taken += needed
        answer.position = self._begin(answer)
        answer.stream.counts.prompt = len(request.tokens)
        answer.stream.counts.reused = answer.position
        return True

    def leave(self, answer: Answer) -> None:
        """Free an answer's seat; keep its conversation for the next turn."""
        request = answer.request
        if self.savings.conversations and request.conversation and answer.written:
            if self.context.length(answer.sequence) > answer.position:
                self.context.forget(answer.sequence, after=answer.position)  # guesses that were not confirmed
            tokens = (*request.tokens, *answer.written)[: answer.position]
            state = self.context.saved(answer.sequence)
            self.conversations.keep(request.conversation, request.tier, Kept(tokens, state))
        self.context.forget(answer.sequence)
        self.free.append(answer.sequence)
        self.cells_taken -= answer.cells
        self._stand_off(answer)
        answer.sequence = -1

    def next_stop(self, answer: Answer) -> int:
        """Where the reading of this prompt has to pause: at its prefix, when that is to be frozen, or at its end."""
        request = answer.request
        wanted = self.savings.prefixes and answer.position < request.prefix
        return request.prefix if wanted and not self._known(answer) else len(request.tokens)

    def reached(self, answer: Answer) -> None:
        """Freeze the prefix, when the reading has just come to its end."""
        request = answer.request
        if not self.savings.prefixes or answer.position != request.prefix or self._known(answer):
            return
        frozen = self._new_prefix(answer)
        if frozen is not None:
            self.context.share(answer.sequence, frozen.sequence, request.prefix)
            self._stand_on(answer, frozen)
            self.files.save(request.tier, frozen.tokens, self.context.saved(frozen.sequence))

    def being_read_by_another(self, answer: Answer, others: list[Answer]) -> bool:
        """Whether somebody is just reading the same prefix: then it pays to wait for it."""
        request = answer.request
        if not self.savings.prefixes or not request.prefix or self._known(answer):
            return False
        mine = request.tokens[: request.prefix]
        return any(
            other.request.tier == request.tier
            and other.position < other.request.prefix
            and other.request.tokens[: other.request.prefix] == mine
            for other in others
        )

    def _begin(self, answer: Answer) -> int:
        request = answer.request
        readable = len(request.tokens) - 1  # the last token is computed in any case: what follows it is wanted
        kept = self._kept(answer)
        frozen = self._prefix_of(answer)
        from_prefix = min(request.prefix, readable) if frozen is not None else 0
        if kept is not None:
            common = min(alike(kept.tokens, request.tokens), readable)
            whole = self.context.weights.can_go_back or common == len(kept.tokens)
            if whole and common > from_prefix and self.context.restore(answer.sequence, kept.state):
                self.context.forget(answer.sequence, after=common)
                return common
        if frozen is None or not from_prefix:
            return 0
        if not self.context.weights.can_go_back and from_prefix < request.prefix:
            return 0
        self.context.share(frozen.sequence, answer.sequence, from_prefix)
        self._stand_on(answer, frozen)
        return from_prefix

    def _kept(self, answer: Answer) -> Kept | None:
        request = answer.request
        if not self.savings.conversations or not request.conversation:
            return None
        return self.conversations.find(request.conversation, request.tier)

    def _prefix_of(self, answer: Answer) -> Frozen | None:
        request = answer.request
        if not self.savings.prefixes or not request.prefix:
            return None
        if not self._known(answer):
            state = self.files.load(request.tier, request.tokens[: request.prefix])
            frozen = self._new_prefix(answer) if state is not None else None
            if state is None or frozen is None:
                return None
            if not self.context.restore(frozen.sequence, state):
                self._drop_prefix((request.tier, frozen.tokens))
                return None
        return self._frozen[self._key(answer)]

    def _key(self, answer: Answer) -> tuple[int, Tokens]:
        request = answer.request
        return request.tier, request.tokens[: request.prefix]

    def _known(self, answer: Answer) -> bool:
        return self._key(answer) in self._frozen

    def _new_prefix(self, answer: Answer) -> Frozen | None:
        length = answer.request.prefix
        while not self._free_prefixes or self.cells_taken + length > self.context.cells:
            if not self._drop_oldest_prefix():
                return None
        frozen = Frozen(self._free_prefixes.pop(), answer.request.tokens[:length])
        self._frozen[self._key(answer)] = frozen
        self.cells_taken += length
        return frozen

    def _stand_on(self, answer: Answer, frozen: Frozen) -> None:
        self._clock += 1
        frozen.users, frozen.used_at = frozen.users + 1, self._clock
        answer.stands_on = frozen
        answer.cells -= len(frozen.tokens)
        self.cells_taken -= len(frozen.tokens)

    def _stand_off(self, answer: Answer) -> None:
        if answer.stands_on is not None:
            answer.stands_on.users -= 1
            answer.stands_on = None

    def _drop_oldest_prefix(self) -> bool:
        idle = [(frozen.used_at, key) for key, frozen in self._frozen.items() if not frozen.users]
        if not idle:
            return False
        self._drop_prefix(min(idle)[1])
        return True

    def _drop_prefix(self, key: tuple[int, Tokens]) -> None:
        frozen = self._frozen.pop(key)
        self.context.forget(frozen.sequence)
        self._free_prefixes.append(frozen.sequence)
        self.cells_taken -= len(frozen.tokens)
