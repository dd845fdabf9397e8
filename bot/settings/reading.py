"""Reads the settings from the environment and `.env`, and those of one bot of several. Called by `commands`."""

from pathlib import Path

from pydantic import ValidationError

from bot.settings.bots import database_of, own_values
from bot.settings.env_file import Environment, SettingsError, read_env_file
from bot.settings.model import Settings


def read_settings(*, _env_file: Path | None = Path(".env"), **given: object) -> Settings:
    """Returns what is given, then what stands in the environment, then in `.env`.

    Where ONLY_BOT names one of BOTS_DIR, what its own file says comes before all of these. Raises SettingsError with
    one line for each setting that is wrong.
    """
    # Also a pipe, through which password managers hand secrets over.
    in_file = read_env_file(_env_file)[0] if _env_file and (_env_file.is_file() or _env_file.is_fifo()) else {}
    in_environment = Environment(Settings).env_vars
    values = {name.lower(): value for name, value in in_file.items() if value and name.lower() not in in_environment}
    settings = _checked(values | given)
    return _of_bot(settings, values | given, settings.only_bot) if settings.only_bot else settings


def _of_bot(everyones: Settings, values: dict[str, object], name: str) -> Settings:
    if everyones.bots_dir is None:
        raise SettingsError(f"ONLY_BOT={name} names one of BOTS_DIR, which is not set; set it, or take ONLY_BOT away")
    own = own_values(everyones.bots_dir, name)
    own["database_url"] = database_of(everyones.database_url, name)
    if everyones.webhook_url:
        own["webhook_url"] = f"{everyones.webhook_url.rstrip('/')}/{name}"
    if everyones.backup_dir:
        own["backup_dir"] = everyones.backup_dir / name
    return _checked(values | own, f"{everyones.bots_dir / name}.env: ")


def _checked(values: dict[str, object], place: str = "") -> Settings:
    try:
        return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # pydantic checks the values; the names are ours
    except ValidationError as error:
        raise SettingsError("\n".join(f"{place}{_explain(dict(details))}" for details in error.errors())) from None


def _explain(error: dict[str, object]) -> str:
    location = error["loc"]
    name = str(location[0]).upper() if isinstance(location, tuple) and location else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] != "value_error":
        message = f"is wrong: {message[:1].lower()}{message[1:]}; see .env.example"
    return f"{name} {message}".strip()
