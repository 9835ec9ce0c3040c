"""A chat request in OpenAI's shape, as far as it is heard here: its last question, and what may be paid for it.

What a client claims was said before is not believed, and its system turns say nothing here: neither reaches a
prompt. Parameters of sampling are read over; what would change the answer's shape is refused with a sentence.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from billing.money import AMOUNT_MAX
from presence.asking.contracts import Listener
from presence.errors import ChatRefused, UnknownModel
from presence.web.questions import QuestionBody

MODEL = "presence"
CITED = "presence-cited"
"""The same, for chats that show nothing but the content: sentences point at their sources, which stand at the end."""
MODELS = (MODEL, CITED)
KEY_CHARS_MAX = 128
IDENT_CHARS_MAX = 64
_TEXT_TYPES = ("text", "input_text")

Cap = Annotated[int, Field(ge=0, le=AMOUNT_MAX)]


class Message(BaseModel):
    """One turn, as a client tells it."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[dict[str, Any]] | None = None


class StreamOptions(BaseModel):
    """What a stream is to tell beside the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatBody(BaseModel):
    """A chat request; `act`, `thing`, `offer_id` and `max_price_micros` are this house's own."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    modalities: list[str] | None = None
    response_format: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    act: str | None = None
    thing: str | None = Field(None, max_length=IDENT_CHARS_MAX)
    offer_id: str | None = Field(None, max_length=IDENT_CHARS_MAX)
    max_price_micros: Cap | None = None


def question_in(
    body: ChatBody, listener: Listener, *, conversation: str | None = None, key: str | None = None
) -> QuestionBody:
    """Give what is asked, or raise `UnknownModel` or `ChatRefused`.

    `conversation` and `key` come from the request's headers; `metadata` may name the conversation, too.
    """
    _must_be_possible(body)
    return QuestionBody(
        question=_asked(body.messages),
        act=body.act,
        thing=body.thing,
        offer_id=body.offer_id,
        max_price_micros=max_price_of(listener, body.max_price_micros, body.offer_id),
        conversation=_short(conversation or (body.metadata or {}).get("conversation"), IDENT_CHARS_MAX, "conversation"),
        idempotency_key=_short(key, KEY_CHARS_MAX, "Idempotency-Key"),
    )


def max_price_of(listener: Listener, named_micros: int | None, offer_id: str | None) -> int | None:
    """Give the cap that is agreed to: the one that was named, or what the program's key may spend in a day."""
    if named_micros is not None or offer_id is not None or listener.allowance is None:
        return named_micros
    return listener.allowance.micros_per_day


def is_first(body: ChatBody, label: str) -> bool:
    """Whether the person who reads this conversation has not read the label in it yet."""
    return not any(label in _text_of(turn, strict=False) for turn in body.messages if turn.role == "assistant")


def _must_be_possible(body: ChatBody) -> None:
    if body.model not in MODELS:
        raise UnknownModel(body.model)
    if body.n not in (None, 1):
        raise ChatRefused("n", "One answer is given to one question. Leave n out, or send 1.")
    if body.tools or body.functions:
        raise ChatRefused("tools", "No tools are called here. Leave tools and functions out.")
    if any(kind != "text" for kind in body.modalities or ()):
        raise ChatRefused("modalities", "Answers are text. Leave modalities out.")
    if (body.response_format or {}).get("type", "text") != "text":
        raise ChatRefused("response_format", "Answers are sentences of the notes and fit no other format. Use text.")


def _asked(messages: list[Message]) -> str:
    last = next((turn for turn in reversed(messages) if turn.role == "user"), None)
    if last is None:
        raise ChatRefused("messages", "There is no question. Send a message of the role “user”.")
    return _text_of(last, strict=True)


def _text_of(turn: Message, *, strict: bool) -> str:
    if turn.content is None or isinstance(turn.content, str):
        return turn.content or ""
    other = [part.get("type") for part in turn.content if part.get("type") not in _TEXT_TYPES]
    if other and strict:
        raise ChatRefused("messages", "Only text can be asked with; images, sounds and files are not looked at here.")
    return "\n".join(str(part.get("text", "")) for part in turn.content if part.get("type") in _TEXT_TYPES)


def _short(value: Any, chars_max: int, name: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= chars_max:
        raise ChatRefused(name, f"{name} is a text of 1 to {chars_max} characters.")
    return value
