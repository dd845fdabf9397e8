"""All settings and their checks. `.env.example` explains each. Made by `reading`."""

import hashlib
import hmac
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.paths import COMMAND, MESSAGES, data_folder
from bot.settings.bots import names_in
from bot.settings.database_url import with_driver
from bot.settings.env_file import Environment, SettingsError
from bot.settings.proxy import OF_THE_ENVIRONMENT, proxy_address, proxy_of_environment

OWN_WORDS = "my-words"  # a folder that is found by itself
MOST_DAYS = 3_650
MOST_A_SECOND = 100_000  # messages; Telegram takes 1,000 with paid broadcast, an API server of one's own perhaps more
TELEGRAM = "https://api.telegram.org"
WHERE_TO_GET_A_TOKEN = "open https://t.me/BotFather, send /newbot, and put BOT_TOKEN=<what it answers> into .env"  # noqa: S105 - a sentence, not a secret


def _check_number(value: object) -> object:
    if not re.fullmatch(r"[1-9][0-9]{0,15}", str(value)):
        raise ValueError(f"has {value}, which is no person's number; write numbers with commas between, or none")
    return value


def own_words() -> tuple[Path, ...]:
    """Returns where words are where MESSAGES_DIR does not say: my-words/ in the current folder, if it holds any."""
    folder = Path(OWN_WORDS).resolve()
    return (folder,) if any(folder.rglob("*.y*ml")) else (MESSAGES,)


PersonNumber = Annotated[int, BeforeValidator(_check_number)]  # in Telegram


class Settings(BaseSettings):
    """All settings; a field's name in capitals is the name in the environment, where an empty value is none."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    bot_api_url: str = TELEGRAM
    proxy: SecretStr | None = None  # its address may hold a password
    database_url: str = Field(default_factory=lambda: f"sqlite:///{data_folder() / 'gentle-tears.db'}")
    messages_dir: Annotated[tuple[Path, ...], NoDecode] = Field(default_factory=own_words)
    practices_dir: Path | None = None
    bots_dir: Path | None = None
    only_bot: str | None = None  # the one of BOTS_DIR whose settings these are; None for those of all
    language: str = "en"
    cards_chat: int | None = None
    messages_per_second: Annotated[float, Field(gt=0, le=MOST_A_SECOND)] = 30
    paid_broadcast: bool = False
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    quiet_months: Annotated[int, Field(ge=0, le=1200)] = 4
    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    notes_kept_days: Annotated[int, Field(ge=1, le=3650)] = 60
    forget_blocked_after: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 90
    forget_strangers_after: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 30
    backups_kept_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] | None = None
    backup_dir: Path | None = None
    backup_keep: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 7
    practice_name: str | None = None
    practice_contact_url: str | None = None
    operators: Annotated[tuple[PersonNumber, ...], NoDecode] = ()
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`read_settings` reads `.env`, and hands over what stands there."""
        return init_settings, Environment(settings_cls)

    @field_validator("messages_dir", "operators", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Settings hold lists as text with commas between."""
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("bot_api_url", "webhook_url", "practice_contact_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("is not a web address; write it whole, like https://example.org/path")
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _begins_calls(cls, value: str) -> str:
        """Guides show it in several ways; a call is <address>/bot<token>/<method>."""
        if re.search(r"/bot[0-9]+:", value):
            raise ValueError("has a token in it; write only what stands before /bot, like http://127.0.0.1:8081")
        return value.rstrip("/").removesuffix("/bot").rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(proxy_address(value.get_secret_value())) if value else None

    @model_validator(mode="after")
    def _proxies_are_addresses(self) -> Self:
        for name in OF_THE_ENVIRONMENT if self.proxy is None else ():
            proxy_of_environment(name)
        return self

    @field_validator("database_url")
    @classmethod
    def _has_driver(cls, value: str) -> str:
        return with_driver(value)

    @field_validator("messages_dir")
    @classmethod
    def _are_folders(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        folders = tuple(folder.expanduser().resolve() for folder in value) or (MESSAGES,)
        for folder in folders:
            if not folder.is_dir():
                raise ValueError(
                    f"is no folder: {folder}; name the folder that holds en/, several with commas between, or none"
                )
        return folders

    @field_validator("bot_token_file", "secret_key_file", "backup_dir")
    @classmethod
    def _is_path(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value else None  # no shell reads `.env`

    @field_validator("practices_dir", "bots_dir")
    @classmethod
    def _is_folder(cls, value: Path | None, given: ValidationInfo) -> Path | None:
        if value is None:
            return None
        folder = value.expanduser().resolve()
        if not folder.is_dir():
            holds = "a folder for each practice" if given.field_name == "practices_dir" else "a file for each bot"
            raise ValueError(f"is no folder: {folder}; name the one that holds {holds}, or none")
        return folder

    @field_validator("language")
    @classmethod
    def _is_language(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z]{2}", value):
            raise ValueError("is not a two-letter language like en")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _fits_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("may hold 1-256 of A-Z a-z 0-9 _ - only; leave it empty to have one made")
        return value

    @field_validator("listen")
    @classmethod
    def _is_address(cls, value: str) -> str:
        _, separator, port = value.rpartition(":")
        if not separator or not port.isdecimal() or int(port) > 65535:
            raise ValueError("is not host:port, like 127.0.0.1:8080")
        return value

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        for name in ("bot_token", "secret_key"):
            path = getattr(self, f"{name}_file")
            if path is None:
                continue
            if getattr(self, name) is not None:
                raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set; keep one of them")
            try:
                text = path.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(
                    f"{name.upper()}_FILE cannot be read ({error}); name a text file that this program may read"
                ) from None
            object.__setattr__(self, name, SecretStr(text))  # frozen to everyone else, still being built here
        return self

    @model_validator(mode="after")
    def _keys_are_fernet(self) -> Self:
        if self.secret_key:
            for key in self.secret_key.get_secret_value().split(","):
                if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key.strip()):
                    raise ValueError(
                        "SECRET_KEY is not a key (44 characters, ending in =; several with commas between); "
                        f"make one with: {COMMAND} key"
                    )
        return self

    @model_validator(mode="after")
    def _promises_no_less_than_is_kept(self) -> Self:
        if self.backup_dir and self.backups_kept_days is not None and self.backups_kept_days < self.backup_keep:
            raise ValueError(
                f"BACKUPS_KEPT_DAYS={self.backups_kept_days} is less than what BACKUP_DIR keeps, "
                f"{self.backup_keep} daily copies (BACKUP_KEEP); people are told this number: write the greater one"
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the bots in BOTS_DIR; none for the settings of one of them. Raises SettingsError."""
        return () if self.only_bot else names_in(self.bots_dir)

    @property
    def token(self) -> str:
        """The bot token. Raises SettingsError, with where to get one, if it is missing or malformed."""
        if self.bot_token is None and (names := self.names):
            known = ", ".join(names)
            raise SettingsError(
                f"BOT_TOKEN is not set: say which bot, such as {COMMAND} --bot {names[0]} (there are {known})"
            )
        if self.bot_token is None:
            raise SettingsError(f"BOT_TOKEN is not set: {WHERE_TO_GET_A_TOKEN}")
        token = self.bot_token.get_secret_value()
        # Telegram's own tokens are this long; another Bot API server may hand out shorter ones.
        shape = r"\d{5,}:[A-Za-z0-9_-]{30,}" if self.bot_api_url == TELEGRAM else r"\d+:[A-Za-z0-9_-]+"
        if not re.fullmatch(shape, token):
            raise SettingsError(
                f"BOT_TOKEN is not a token (digits, a colon, then letters): copy it whole, or {WHERE_TO_GET_A_TOKEN}"
            )
        return token

    @property
    def proxy_address(self) -> str | None:
        """The proxy of PROXY, whole; None leaves it to the environment."""
        return self.proxy.get_secret_value() if self.proxy else None

    @property
    def webhook_secret_token(self) -> str:
        """The secret that Telegram sends with each update; the same in all processes with the same token."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        return hmac.new(self.token.encode(), b"webhook", hashlib.sha256).hexdigest()

    @property
    def counting_key(self) -> bytes:
        """The key for hashes of people who tapped. It is not in the database, and changes with the token."""
        return hmac.new(self.token.encode(), b"counting", hashlib.sha256).digest()

    @property
    def listen_host(self) -> str:
        """The host part of LISTEN, without an IPv6 address's brackets."""
        return self.listen.rpartition(":")[0].strip("[]") or "0.0.0.0"  # noqa: S104 - an empty host means every interface

    @property
    def listen_port(self) -> int:
        """The port part of LISTEN."""
        return int(self.listen.rpartition(":")[2])

    @property
    def own_address(self) -> str:
        """The address at which this machine asks a bot that runs with these settings."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.listen_host, self.listen_host)  # noqa: S104 - compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.listen_port}"
