"""All settings of a node, read once. Nothing else in the house looks at the environment.

Order: arguments, environment (`PRESENCE_…`, groups as `PRESENCE_ASKING__…`), files named by
`PRESENCE_…_FILE`, `presence.toml` in the home. A key that nobody knows is refused.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from presence.errors import SettingsWrong

PREFIX = "PRESENCE_"
NAMELESS = "The artist"
"""What she is called before she has said it."""
FILE_SUFFIX = "_FILE"
BACKUP_PASSPHRASE_CHARS_MIN = 12
SECRETS = ("database_url", "smtp_url", "metrics_token")
"""Settings that can come from a file which the environment names."""


class KnowledgeSettings(BaseModel):
    """How material is taken in and found."""

    model_config = ConfigDict(extra="forbid")

    embedder: Literal["minilm", "hashed", "folder"] = Field(
        "minilm",
        description="What turns texts into vectors: `minilm` speaks English, `hashed` needs no weights and knows no "
        "synonyms, `folder` is a sentence-transformers model of yours, a multilingual one perhaps.",
    )
    embedder_folder: Path | None = Field(None, description="Where that model lies, for `folder`.")
    embedder_brought: Path | None = Field(
        None,
        description="Where a fast form of the embedder lies that was made elsewhere, as in an image without torch.",
    )
    file_bytes_max: int = Field(50 * 1024**2, gt=0, description="Larger files are refused at import, in bytes.")
    recording_bytes_max: int = Field(2 * 1024**3, gt=0, description="Larger recordings are refused, in bytes.")
    sent_bytes_max: int = Field(
        2 * 1024**3, gt=0, description="More is not brought into the studio at once, in bytes; a zip counts unpacked."
    )


class ModelsSettings(BaseModel):
    """Who writes the answers."""

    model_config = ConfigDict(extra="forbid")

    gguf: Path | None = Field(None, description="A GGUF file for the local language model; without it, quoting.")
    context_tokens: int = Field(4_096, ge=512, description="How many tokens the local model may read and write.")
    threads: int | None = Field(None, ge=1, description="Threads of the local model; by default, chosen by it.")
    listeners: int = Field(8, ge=1, le=64, description="How many answers the local model writes at the same time.")
    first_token_seconds: float = Field(
        5.0, gt=0, description="How long the local model may read before its first word; fewer sentences are read."
    )
    conversation_mebibytes: int = Field(256, ge=0, description="Memory for what was read of conversations, in MiB.")
    url: str | None = Field(None, description="An OpenAI-compatible server that writes instead of a local model.")
    url_model: str | None = Field(None, description="Which of that server's models; by default, its first.")
    url_key: SecretStr | None = Field(None, description="The key that the server asks for.")
    url_key_file: Path | None = Field(None, description="A file that holds this key.")
    url_constraint: Literal["auto", "grammar", "json", "none"] = Field(
        "auto", description="How that server is held to pointing: by a grammar, a JSON schema, or by checking alone."
    )
    places_max: int = Field(16, ge=1, description="How many questions may wait or be written at once.")
    hub_url: str = Field(
        "https://huggingface.co", pattern="^https?://", description="Where local language models are fetched from."
    )
    build_folder: Path | None = Field(None, description="Where a running engine build keeps its log.")


class AskingSettings(BaseModel):
    """What a question may be, and how an answer is written."""

    model_config = ConfigDict(extra="forbid")

    question_chars_max: int = Field(2_000, ge=10, description="Longer questions are refused, in characters.")
    body_bytes_max: int = Field(262_144, ge=1_024, description="Larger requests are refused, in bytes.")
    answers_at_once: int = Field(8, ge=1, description="How many answers are written at the same time.")
    turns_max: int = Field(100, ge=1, description="How many questions one conversation may hold.")
    offer_seconds: int = Field(600, ge=1, description="How long an offered price holds.")
    page_wait_seconds: float = Field(20.0, gt=0, description="How long a page without scripts waits for its answer.")


class TrustSettings(BaseModel):
    """The artist's own key, for her commands. A running node never opens it."""

    model_config = ConfigDict(extra="forbid")

    artist_key: Path | None = Field(None, description="The artist's sealed key; by default keys/artist.json at home.")
    passphrase: SecretStr | None = Field(None, description="What opens it, for commands without a terminal.")
    passphrase_file: Path | None = Field(None, description="A file that holds this passphrase.")


class BillingSettings(BaseModel):
    """Money."""

    model_config = ConfigDict(extra="forbid")

    currency: str = Field(
        "usd",
        pattern="^[a-z]{3}$",
        description="The one currency of this node, in the three small letters of ISO 4217.",
    )
    publish_seconds: float = Field(
        60.0, gt=0, description="How often new receipts are published together, and what has expired is ended."
    )
    stripe_key: SecretStr | None = Field(
        None, description="The secret key of the artist's own Stripe account; without it, no card is taken."
    )
    stripe_key_file: Path | None = Field(None, description="A file that holds this key.")
    stripe_webhook_secret: SecretStr | None = Field(
        None, description="What Stripe signs its messages with; two, with a space between, while it is changed."
    )
    stripe_webhook_secret_file: Path | None = Field(None, description="A file that holds this secret.")
    stripe_url: str | None = Field(None, pattern="^https?://", description="Where Stripe is reached, if elsewhere.")
    tax: Literal["off", "on_top", "included"] = Field(
        "off",
        description="Whether Stripe works out tax on card payments and collects it: on top of prices, or within them.",
    )
    seller: str | None = Field(
        None,
        min_length=1,
        max_length=120,
        description="Who sells, by the name that a buyer must see; by default, the artist.",
    )
    practice: bool = Field(
        default=False,
        description="Whether listeners can give themselves practice credit, once; for a demo, where no money is real.",
    )

    @property
    def is_practice(self) -> bool:
        """Whether no money here is real: beside cards there is no practice money."""
        return self.practice and self.stripe_key is None


class KeepingSettings(BaseModel):
    """Backups."""

    model_config = ConfigDict(extra="forbid")

    folder: Path | None = Field(
        None, description="Where backups are kept, on another disk if there is one; by default backups/ in the home."
    )
    every_hours: float | None = Field(
        None, gt=0, description="How often a backup is made by itself, in hours; without it, only when you ask for one."
    )
    keep: int = Field(14, ge=1, description="How many backups are kept in that folder; older ones go.")
    passphrase: SecretStr | None = Field(
        None,
        min_length=BACKUP_PASSPHRASE_CHARS_MIN,
        description="What seals backups, 12 characters at least. Without it, none can be opened.",
    )
    passphrase_file: Path | None = Field(None, description="A file that holds this passphrase.")


class DiscoverySettings(BaseModel):
    """How the presence is found."""

    model_config = ConfigDict(extra="forbid")

    artist_is: Literal["MusicGroup", "Person"] = Field(
        "MusicGroup", description="What the artist is in schema.org's words; a MusicGroup can be one musician."
    )
    ai_training: bool = Field(
        default=False, description="Whether robots.txt lets the public notes be taken to train language models."
    )


class LimitsSettings(BaseModel):
    """How much is taken from one client, and of one person."""

    model_config = ConfigDict(extra="forbid")

    questions_per_minute: int = Field(30, ge=1, description="Questions, and prices asked for, per minute.")
    sign_ins_per_minute: int = Field(
        240, ge=1, description="Challenges and sign-ins per minute; a room full of people shares one address."
    )
    documents_per_minute: int = Field(60, ge=1, description="Signed documents per minute.")
    signed_requests_per_minute: int = Field(600, ge=1, description="Requests that are signed one by one, per minute.")
    keys_per_hour: int = Field(20, ge=1, description="New keys for programs and embedded rooms per hour.")
    mails_to_address_per_hour: int = Field(5, ge=1, description="Sign-in mails to one address per hour.")
    mails_from_client_per_hour: int = Field(20, ge=1, description="Sign-in mails that one client asks for, per hour.")
    people_per_address: int = Field(
        50,
        ge=1,
        description="How many people's questions of a day are taken from one address, of those who are not let in; "
        "it counts where their tier has a limit of questions.",
    )
    reports_per_hour: int = Field(20, ge=1, description="Answers that are reported, or given to the artist, per hour.")
    uploads_per_hour: int = Field(600, ge=1, description="Uploads of recordings that are begun, per hour.")


class Settings(BaseSettings):
    """One node's settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("presence")),
        description="Where everything of this node lives.",
    )
    artist_name: str = Field(NAMELESS, min_length=1, max_length=120, description="Whose presence this is.")
    language: Literal["en", "fr"] = Field(
        "en", description="The language of pages whose reader has none that is spoken here, and of letters."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8765, ge=0, le=65_535, description="The port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="The address by which listeners reach this node, such as https://ada.example; "
        "sign-in is bound to it.",
    )
    allowed_hosts: list[str] = Field(
        ["localhost", "127.0.0.1"], description="Host names that requests may be addressed to."
    )
    database_url: SecretStr | None = Field(
        None, description="A PostgreSQL address; without it, one SQLite file in the home."
    )
    chroma_url: str | None = Field(None, description="A Chroma server; without it, Chroma embedded in the home.")
    smtp_url: SecretStr | None = Field(
        None,
        description="The mail server, such as smtps://user:password@mail.example.org; smtp:// and smtp+starttls:// "
        "are known, too. Without it, no mail is sent.",
    )
    mail_from: str | None = Field(None, description="The address that mail comes from; by default, that server's user.")
    logs: Literal["json", "pretty"] | None = Field(
        None, description="The shape of the logs; by default, pretty at a terminal and JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning"] = Field("info", description="How much the logs say.")
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="What a program shows as its bearer to read /metrics, 16 characters at least; "
        "without it, only the signed-in operator reads them.",
    )
    knowledge: KnowledgeSettings = KnowledgeSettings()
    models: ModelsSettings = ModelsSettings()
    asking: AskingSettings = AskingSettings()
    billing: BillingSettings = BillingSettings()
    limits: LimitsSettings = LimitsSettings()
    discovery: DiscoverySettings = DiscoverySettings()
    keeping: KeepingSettings = KeepingSettings()
    trust: TrustSettings = TrustSettings()

    @property
    def seller(self) -> str:
        """Who sells, by name."""
        return self.billing.seller or self.artist_name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the file in the home."""
        home = Path(os.environ.get(PREFIX + "HOME") or platformdirs.user_data_dir("presence"))
        given = init_settings()
        home = Path(given.get("home", home))
        return (init_settings, env_settings, SettingsFile(settings_cls, home / "presence.toml"))


class SettingsFile(TomlConfigSettingsSource):
    """The file in the home, where a secret may stand in a file of its own, too."""

    def __call__(self) -> dict[str, Any]:
        told = dict(super().__call__())
        for field in SECRETS:
            key = f"{field}{FILE_SUFFIX}".lower()
            if key not in told:
                continue
            if field in told:
                raise SettingsWrong(f"presence.toml says {field} and {key}. Take one of them out.")
            told[field] = _secret(f"{key} in presence.toml", Path(str(told.pop(key))))
        return told


def is_named_in_environment() -> bool:
    """Say whether the artist's name is set where the house is started, so that the file would not be heard."""
    return f"{PREFIX}ARTIST_NAME" in os.environ


def load_settings(**given: Any) -> Settings:
    """Read the settings, or raise `SettingsWrong` with a sentence that says what to set."""
    _refuse_unknown(os.environ)
    try:
        return _with_secrets(Settings(**_secrets_from_files(os.environ), **given))
    except ValidationError as error:
        raise SettingsWrong(_told(error)) from error
    except ValueError as error:  # a broken presence.toml
        raise SettingsWrong(f"presence.toml cannot be read: {error}") from error


def _with_secrets(settings: Settings) -> Settings:
    """Read the secrets of groups that files hold."""
    models, trust, keeping = settings.models, settings.trust, settings.keeping
    if models.url_key_file is not None:
        key = SecretStr(_secret(f"{PREFIX}MODELS__URL_KEY_FILE", models.url_key_file))
        models = models.model_copy(update={"url_key": key})
    if trust.passphrase_file is not None:
        phrase = SecretStr(_secret(f"{PREFIX}TRUST__PASSPHRASE_FILE", trust.passphrase_file))
        trust = trust.model_copy(update={"passphrase": phrase})
    if keeping.passphrase_file is not None:
        name = f"{PREFIX}KEEPING__PASSPHRASE_FILE"
        words = _secret(name, keeping.passphrase_file)
        if len(words) < BACKUP_PASSPHRASE_CHARS_MIN:
            raise SettingsWrong(f"{name} names a passphrase that is too short: 12 characters at least.")
        keeping = keeping.model_copy(update={"passphrase": SecretStr(words)})
    if keeping.every_hours is not None and keeping.passphrase is None:
        raise SettingsWrong("Backups are to be made by themselves: set PRESENCE_KEEPING__PASSPHRASE_FILE, too.")
    billing = settings.billing
    if billing.stripe_key_file is not None:
        key = SecretStr(_secret(f"{PREFIX}BILLING__STRIPE_KEY_FILE", billing.stripe_key_file))
        billing = billing.model_copy(update={"stripe_key": key})
    if billing.stripe_webhook_secret_file is not None:
        secret = _secret(f"{PREFIX}BILLING__STRIPE_WEBHOOK_SECRET_FILE", billing.stripe_webhook_secret_file)
        billing = billing.model_copy(update={"stripe_webhook_secret": SecretStr(secret)})
    return settings.model_copy(update={"models": models, "trust": trust, "billing": billing, "keeping": keeping})


def setting_names() -> dict[str, Any]:
    """Give every environment name with its field, for the docs and for the check of unknown keys."""
    names: dict[str, Any] = {}
    for field, info in Settings.model_fields.items():
        group = info.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            for inner, inner_info in group.model_fields.items():
                names[f"{PREFIX}{field}__{inner}".upper()] = inner_info
        else:
            names[f"{PREFIX}{field}".upper()] = info
    return names


def secret_file_names() -> tuple[str, ...]:
    """Give the environment names that name a file with a secret."""
    return tuple(f"{PREFIX}{field}{FILE_SUFFIX}".upper() for field in SECRETS)


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {*setting_names(), *secret_file_names()}
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsWrong(f"{name} is not a setting. docs/reference/settings.md lists all of them.")


def _secrets_from_files(environment: Mapping[str, str]) -> dict[str, Any]:
    names = dict(zip(SECRETS, secret_file_names(), strict=True))
    return {field: _secret(name, Path(environment[name])) for field, name in names.items() if name in environment}


def _secret(name: str, path: Path) -> str:
    try:
        return path.expanduser().read_text().strip()
    except OSError as error:
        raise SettingsWrong(f"{name} names {path}, which cannot be read ({error.strerror}).") from error


def _told(error: ValidationError) -> str:
    first = error.errors()[0]
    name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
    return f"{name}: {first['msg']}. docs/reference/settings.md says what it may be."
