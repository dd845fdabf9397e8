"""The command line as a person uses it: each command runs in its own process; its output and exit code are checked.

How the program starts is tested with `started`, which loads it anew; what its commands do, with `forked`.
"""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest
import zxingcpp
from cryptography.fernet import Fernet
from PIL import Image
from sqlalchemy import select

from bot.database import models
from bot.database.engine import Database
from bot.database.models import Chat
from bot.domain.encryption import Cipher
from bot.domain.exports import Export, Reminder
from bot.domain.schedule import write_rule
from bot.usecases import safety_plans
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import Process, environment, forked, heard, started
from tests.databases import copy_migrated
from tests.patience import PATIENCE
from tests.scenes import MORNING, berlin, chat_with
from tests.wire import served, until

REAL = "123456789:" + "A" * 35
COMMANDS = (
    *("run", "preview", "cards", "check", "doctor", "invite", "key", "rotate-keys", "import", "flows"),
    *("backup", "restore", "health", "service", "settings", "setup", "words"),
)


async def call(tmp_path: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Returns the exit code, and what the command wrote to stdout and stderr."""
    async with forked(tmp_path, *arguments, **more) as process:
        return await ended(process)


async def ended(process: Process) -> tuple[int, str]:
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_help_names_every_command(tmp_path: Path) -> None:
    async with started(tmp_path, "--help") as process:
        code, output = await ended(process)
    assert code == 0
    assert output.startswith("Usage: python -m bot [OPTIONS] COMMAND")
    about = " ".join(output.partition("Options:")[0].split())
    assert "python -m bot without a command opens a page that tries the bot" in about
    assert "python -m bot setup asks for the same here" in about
    assert set(re.findall(r"^  ([a-z][a-z-]+)  ", output, re.MULTILINE)) == set(COMMANDS)


async def test_without_a_word_and_without_a_terminal_it_prints_the_help(tmp_path: Path) -> None:
    code, output = await call(tmp_path)
    assert (code, output.partition(" ")[0]) == (0, "Usage:")


async def test_help_loads_none_of_what_the_commands_need(tmp_path: Path) -> None:
    listing = "import sys, bot.__main__; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", listing, env=environment(tmp_path, {}), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    heavy = {"aiohttp", "alembic", "asyncio", "PIL", "pydantic", "sqlalchemy", "telegram", "yaml"}
    assert heavy & set(output.decode().split()) == set()


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    code, output = await call(tmp_path, command, "--help")
    assert code == 0
    assert output.startswith(f"Usage: python -m bot {command}")
    assert re.search(rf"Examples?:\n    python -m bot {command}", output)


async def test_a_misspelled_setting_is_said_where_another_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TOKN=1\n")
    code, output = await call(tmp_path, "run")
    assert code == 2
    assert output.splitlines()[1:] == ["BOT_TOKN in .env is no setting, and is passed over: did you mean BOT_TOKEN?"]


async def test_a_misspelled_setting_is_said_at_the_start_and_by_doctor(tmp_path: Path, telegram: LocalTelegram) -> None:
    said = "PRACTISE_NAME in .env is no setting, and is passed over: did you mean PRACTICE_NAME?"
    (tmp_path / ".env").write_bytes("PRACTISE_NAME=Rosa\r\n".encode("utf-16"))
    async with served(telegram) as address, forked(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL=address) as process:
        assert said in await heard(process, "ready")
    assert said in (await call(tmp_path, "doctor"))[1]


async def test_words_that_nothing_uses_are_said_by_check_and_at_the_start(
    tmp_path: Path, telegram: LocalTelegram
) -> None:
    own = tmp_path / "mine" / "en" / "interface.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("stop:\n  of_an_older_version: So it was.\n")
    said = "mine/en/interface.yaml:2: stop.of_an_older_version: is not known here, and is passed over."
    words = {"MESSAGES_DIR": str(tmp_path / "mine")}
    code, output = await call(tmp_path, "check", **words)
    assert (code, output.splitlines()[0].startswith(f"note: {said}")) == (0, True)
    assert output.count("of_an_older_version") == 1  # that the other language has none goes without saying
    assert (await call(tmp_path, "check", "--strict", **words))[0] == 2
    async with served(telegram) as address:
        more = words | {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        async with forked(tmp_path, "run", **more) as process:
            assert f"WARNING {said}" in await heard(process, "ready")


@pytest.mark.parametrize("token", [{}, {"BOT_TOKEN": "not-a-token"}])
async def test_run_without_a_token_says_where_to_get_one(tmp_path: Path, token: dict[str, str]) -> None:
    code, output = await call(tmp_path, "run", **token)
    assert code == 2
    assert "BOT_TOKEN" in output
    assert "BotFather" in output


async def test_wrong_settings_are_named_and_nothing_starts(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "run", BOT_TOKEN=TOKEN, LISTEN="nowhere", LANGUAGE="xyz")
    assert code == 2
    assert {line.split()[0] for line in output.splitlines()} == {"LISTEN", "LANGUAGE"}


async def test_check_counts_the_texts(tmp_path: Path) -> None:
    async with started(tmp_path, "check") as process:
        code, output = await ended(process)
    assert code == 0
    assert re.match(
        r"All is well in en: \d+ affirmations, \d+ flows, \d+ explainers, \d+ helplines in \d+ countries", output
    )


async def test_check_prints_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "messages" / "en").mkdir(parents=True)
    code, output = await call(tmp_path, "check", MESSAGES_DIR=str(tmp_path / "messages"))
    assert code == 2
    assert output == (
        "messages:1: holds no words. Put a folder such as en/ with .yaml files there, or take it out of MESSAGES_DIR\n"
    )


async def test_check_prints_all_that_is_wrong_in_a_folder_laid_over(tmp_path: Path) -> None:
    (tmp_path / "words" / "en" / "affirmations").mkdir(parents=True)
    (tmp_path / "words" / "en" / "interface.yaml").write_text("stop: {stopped: 1}\nno_such_part: {}\n")
    (tmp_path / "words" / "en" / "affirmations" / "own.yaml").write_text("affirmations: []\n")
    code, output = await call(tmp_path, "check", MESSAGES_DIR=str(tmp_path / "words"))
    assert code == 2
    assert output.replace("words/en/", "").splitlines() == [
        "affirmations/own.yaml:1: source: is missing. Add it",
        "interface.yaml:1: stop.stopped: is not a text. Put it in quotes",
        "interface.yaml:2: no_such_part: is not known here, and is passed over. Take it out, or correct its name",
    ]


async def test_check_says_what_hides_danger_also_in_a_practice(tmp_path: Path) -> None:
    town = "opens: oneself\npatterns: [old lighthouse]\nlook_alikes:\n  - want to die\n"
    for root in ("words", "practices/rosa"):
        (tmp_path / root / "en" / "crisis").mkdir(parents=True)
        (tmp_path / root / "en" / "crisis" / "our_town.yaml").write_text(town)
    for setting, root in (("MESSAGES_DIR", "words"), ("PRACTICES_DIR", "practices")):
        code, output = await call(tmp_path, "check", **{setting: str(tmp_path / root)})
        assert code == 2
        assert 'our_town.yaml:4: hides danger: "I want to die" (and 1 more) no longer opens the support card.' in output


async def test_check_refuses_a_day_that_is_still_to_come(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "helplines.yaml").write_text("emergency_checked_on: 9999-01-01\n")
    code, output = await call(tmp_path, "check", MESSAGES_DIR=str(tmp_path / "words"))
    said = "words/helplines.yaml:1: emergency_checked_on: is 9999-01-01, which is still to come. Write the day "
    assert (code, output.startswith(said)) == (2, True)


async def test_flows_are_listed_and_drawn(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "flows")
    assert code == 0
    assert re.search(r"^grounding +17 steps  Grounding$", output, re.MULTILINE)
    code, output = await call(tmp_path, "flows", "--draw", str(tmp_path / "pictures"))
    assert (code, output) == (
        0,
        f"{len(list((tmp_path / 'pictures').iterdir()))} flows are drawn in {tmp_path}/pictures.\n",
    )
    assert (tmp_path / "pictures" / "grounding.svg").read_text().startswith("<svg ")


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, output = await call(tmp_path, "flows", "--draw", str(tmp_path / "file"))
    assert code == 1
    assert output.endswith("cannot be written (File exists); name a folder that this program may write\n")


async def test_a_key_is_a_key(tmp_path: Path) -> None:
    code, key = await call(tmp_path, "key")
    assert code == 0
    code, output = await call(tmp_path, "check", SECRET_KEY=key.strip())
    assert code == 0, output


def practices(tmp_path: Path) -> str:
    """Returns a folder with the texts of one practice."""
    file = tmp_path / "practices" / "rosa-meyer" / "es" / "interface.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("invitation: {practice: la consulta de Rosa Meyer}\n")
    return str(tmp_path / "practices")


async def test_an_invitation_is_made_listed_and_ended(tmp_path: Path, telegram: LocalTelegram) -> None:
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "PRACTICES_DIR": practices(tmp_path)}
        options = ("--words", "rosa-meyer", "--language", "es", "--time", "08:30", "--days", "weekdays")
        code, output = await call(tmp_path, "invite", *options, "--out", "cards/rosa.pdf", **more)
    assert code == 0, output
    link, png, pdf = output.splitlines()
    made = re.fullmatch(r"https://t\.me/gentle_tears_bot\?start=(i-[a-z0-9]{13})", link)
    assert made
    assert (png, pdf) == ("cards/rosa.png", "cards/rosa.pdf")
    (barcode,) = zxingcpp.read_barcodes(Image.open(tmp_path / png))
    assert barcode.text == link
    assert (tmp_path / pdf).read_bytes().startswith(b"%PDF")
    code, output = await call(tmp_path, "invite", "--list", **more)
    assert code == 0
    assert re.fullmatch(
        rf"{made[1]}  since \d{{4}}-\d\d-\d\d  words of rosa-meyer, language es, Monday to Friday at 08:30\n", output
    )
    assert await call(tmp_path, "invite", "--end", made[1], **more) == (0, f"{made[1]} has ended.\n")
    assert await call(tmp_path, "invite", "--list", **more) == (0, "No invitation is open.\n")
    code, output = await call(tmp_path, "invite", "--end", made[1], **more)
    assert (code, output) == (
        2,
        f"--end: no invitation with the code {made[1]} is open; --list shows those that are\n",
    )


async def test_an_invitation_to_the_bots_own_texts_suggests_only_them(tmp_path: Path, telegram: LocalTelegram) -> None:
    (tmp_path / "my-words" / "en").mkdir(parents=True)
    (tmp_path / "my-words" / "en" / "interface.yaml").write_text("stop: {stopped: It is quiet now.}\n")
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        for options in ((), ("--words", "messages"), ("--words", "my-words"), ("--words", "my-words/")):
            code, output = await call(tmp_path, "invite", *options, **more)
            assert (code, output.count("\n")) == (0, 1)
    _, output = await call(tmp_path, "invite", "--list")
    assert output.count("  the bot's own words\n") == 4


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            ("--words", "nobody"),
            "--words: nobody is not known; known: rosa-meyer, messages",
        ),
        (("--language", "fr"), "--language: fr is not spoken here; known: en, es"),
        (("--time", "8.30"), "--time: 8.30 is no time; write it like 08:30"),
        (("--time", "24:10"), "--time: 24:10 is no time; write it like 08:30"),
        (
            ("--time", "08:30", "--days", "sometimes"),
            "--days: sometimes is not known; write one of: every-day, weekdays",
        ),
        (("--days", "weekdays"), "--days: at which time? Add it, such as --time 08:30"),
    ],
)
async def test_a_wrong_option_of_an_invitation_is_named(
    tmp_path: Path, options: tuple[str, ...], expected: str
) -> None:
    code, output = await call(tmp_path, "invite", *options, PRACTICES_DIR=practices(tmp_path))
    assert (code, output) == (2, f"{expected}\n")


async def test_an_invitation_needs_the_bots_name(tmp_path: Path, telegram: LocalTelegram) -> None:
    code, output = await call(tmp_path, "invite")
    assert code == 2
    assert output.startswith("BOT_TOKEN is not set: open https://t.me/BotFather")
    code, output = await call(tmp_path, "invite", BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9")
    assert code == 1
    assert re.match(r"http://127\.0\.0\.1:9 cannot be asked for the bot's name \(.*\); check the network\n", output)
    async with served(telegram) as address:
        code, output = await call(tmp_path, "invite", BOT_TOKEN=f"{TOKEN}x", BOT_API_URL=address)
    assert code == 2
    assert output.startswith("BOT_TOKEN: Telegram does not know it")
    assert await call(tmp_path, "invite", "--list") == (0, "No invitation is open.\n")


async def test_a_card_that_cannot_be_written_is_named(tmp_path: Path, telegram: LocalTelegram) -> None:
    (tmp_path / "file").write_text("")
    async with served(telegram) as address:
        code, output = await call(tmp_path, "invite", "--out", "file/card", BOT_TOKEN=TOKEN, BOT_API_URL=address)
    assert code == 1
    assert output.endswith("--out: file/card cannot be written (File exists); the link is good all the same\n")


async def test_check_reads_the_texts_of_practices(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "check", PRACTICES_DIR=practices(tmp_path))
    assert code == 0
    assert "All is well in rosa-meyer, es: " in output
    (tmp_path / "practices" / "rosa-meyer" / "es" / "interface.yaml").write_text("stop: {stopped: 1}\n")
    code, output = await call(tmp_path, "check", PRACTICES_DIR=f"{tmp_path}/practices")
    assert (code, output) == (
        2,
        "practices/rosa-meyer/es/interface.yaml:1: stop.stopped: is not a text. Put it in quotes\n",
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_answers_and_stops_cleanly(tmp_path: Path, telegram: LocalTelegram, number: signal.Signals) -> None:
    ana = add_person(telegram, "Ana")
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "LOG_FORMAT": "json"}
        async with started(tmp_path, "run", **more) as process:
            await heard(process, '"ready"')
            await ana.starts()
            await until(lambda: len(ana.hears()) == 1)
            process.send_signal(number)
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert '"stopped"' in output.decode()


async def test_a_second_process_on_the_same_database_ends(tmp_path: Path, telegram: LocalTelegram) -> None:
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        async with forked(tmp_path, "run", **more) as process:
            await heard(process, "ready")
            code, output = await call(tmp_path, "run", **more)
    assert code == 1
    assert "another bot is running on this database" in output


async def test_a_token_that_telegram_takes_back_ends_it(
    tmp_path: Path, telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.token_check.PAUSES", (0.0, 0.1))
    async with served(telegram) as address:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address}
        async with forked(tmp_path, "run", **more) as process:
            await heard(process, "ready")
            telegram.faults.refuse(401, "Unauthorized")
            await add_person(telegram, "Ana").starts()
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "Telegram does not accept BOT_TOKEN" in output.decode()
    assert TOKEN not in output.decode()


async def test_keys_are_rotated_and_doctor_says_how_many_rows_still_use_an_old_one(tmp_path: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    keys, url = f"{new},{old}", copy_migrated(tmp_path / "kept.db")
    database = Database(url)
    chat_id = await chat_with(database, now=berlin(2))
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await safety_plans.save_part(session, chat, Cipher(old), "people", "Mara", berlin(2))
    await database.close()
    for code, key, rotates, looks in (
        (2, "", "SECRET_KEY is not set", "1 rows, and no SECRET_KEY"),
        (1, new, "1 are opened by no key in SECRET_KEY", "1 of 1 rows need a key that is not in SECRET_KEY"),
        (0, keys, "Done: 1 encrypted anew", "1 rows, all with the first key"),
        (0, new, "Done: 0 encrypted anew", "1 rows, all with the first key"),
    ):
        if key == keys:
            _, output = await call(tmp_path, "doctor", DATABASE_URL=url, SECRET_KEY=keys)
            assert "1 of 1 rows still use an old key: python -m bot rotate-keys" in output
        ended_with, output = await call(tmp_path, "rotate-keys", DATABASE_URL=url, SECRET_KEY=key)
        assert (ended_with, rotates in output) == (code, True), output
        _, output = await call(tmp_path, "doctor", DATABASE_URL=url, SECRET_KEY=key)
        assert looks in output


async def test_the_file_of_an_export_is_brought_in_from_the_command_line(tmp_path: Path) -> None:
    url, file = copy_migrated(tmp_path / "kept.db"), tmp_path / "mine.json"
    reminder = Reminder(rule=write_rule(MORNING), is_paused=False, created_at=berlin(2))
    file.write_text(Export(exported_at=berlin(2), settings=None, reminders=(reminder,)).to_json())
    for _ in range(2):
        code, output = await call(tmp_path, "import", str(file), "--chat", "42", "--yes", DATABASE_URL=url)
        assert (code, "A file from 02 March 2026: 1 reminders." in output) == (0, True), output
    database = Database(url)
    async with database.read() as session:
        assert list(await session.scalars(select(Chat.telegram_id))) == [42]
        assert list(await session.scalars(select(models.Reminder.rule))) == [write_rule(MORNING)]
    await database.close()
    for content, error in (("Mara", "not_json"), ('{"format": "gentle-tears", "version": 2}', "version")):
        file.write_text(content)
        code, output = await call(tmp_path, "import", str(file), "--chat", "42", "--yes", DATABASE_URL=url)
        assert (code, error in output, "Mara" in output) == (1, True, False), output
    code, output = await call(tmp_path, "import", str(tmp_path / "no.json"), "--chat", "42", DATABASE_URL=url)
    assert (code, "cannot be read" in output) == (1, True), output


async def test_an_import_asks_first_and_where_nobody_can_answer_it_says_what_to_do(tmp_path: Path) -> None:
    url, file = copy_migrated(tmp_path / "kept.db"), tmp_path / "mine.json"
    file.write_text(Export(exported_at=berlin(2), settings=None).to_json())
    said = "A file from 02 March 2026: nothing.\n"
    assert await call(tmp_path, "import", str(file), "--chat", "42", DATABASE_URL=url) == (
        2,
        f"{said}nothing was brought in: there is no terminal to ask in; add --yes to bring it in unasked\n",
    )
    assert await chats_in(url) == []
    for answer, ends_with, kept in (("n", 1, []), ("y", 0, [42])):
        person, terminal = os.openpty()
        os.write(person, f"{answer}\n".encode())
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "import", str(file), "--chat", "42"),
                cwd=tmp_path,
                env=environment(tmp_path, {"DATABASE_URL": url}),
                stdin=terminal,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        finally:
            os.close(person)
            os.close(terminal)
        assert "Bring it in? [y/N]" in output.decode()
        assert (process.returncode, await chats_in(url)) == (ends_with, kept)


async def chats_in(url: str) -> list[int]:
    database = Database(url)
    async with database.read() as session:
        found = await session.scalars(select(Chat.telegram_id))
        numbers = [int(number) for number in found]
    await database.close()
    return numbers


async def test_preview_opens_a_page(tmp_path: Path) -> None:
    async with started(tmp_path, "preview", "--no-open", "--port", "0") as process:
        lines = await heard(process, "Ctrl-C")
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), PATIENCE)
    assert re.search(r"The page is here: http://127\.0\.0\.1:\d+/", lines)
    assert process.returncode == 0


async def test_preview_without_the_bot_says_how_to_reach_it(tmp_path: Path) -> None:
    async with forked(tmp_path, "preview", "--no-open", "--no-bot", "--port", "0") as process:
        lines = await heard(process, "BOT_TOKEN=")
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), PATIENCE)
    assert "BOT_API_URL=http://127.0.0.1:" in lines


async def test_preview_never_uses_a_real_token(tmp_path: Path) -> None:
    tokens = []
    for _ in range(2):
        async with forked(tmp_path, "preview", "--no-open", "--no-bot", "--port", "0", BOT_TOKEN=REAL) as process:
            lines = await heard(process, "BOT_TOKEN=")
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), PATIENCE)
        tokens.append(re.search(r"BOT_TOKEN=(\S+)", lines))
    assert tokens[0]
    assert tokens[1]
    assert len({REAL, TOKEN, tokens[0][1], tokens[1][1]}) == 4


async def test_a_port_that_is_none_is_said_in_a_line(tmp_path: Path) -> None:
    code, output = await call(tmp_path, "preview", "--port", "99999", "--no-open")
    assert code == 2
    assert "--port" in output
    assert "Traceback" not in output
