"""/export: everything that is stored about a person, as a page to read and as a file for another server."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.handlers.access import command
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, id_of
from bot.screens.exports import page, unreadable_text
from bot.screens.outgoing import OutgoingFile, OutgoingMessage, joined
from bot.usecases.exports import gather

FILE_NAME = "gentle-tears-{day:%Y-%m-%d}.{ending}"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("export", send_export)]


async def send_export(update: Update, context: Context) -> None:
    """/export: sends both files, from memory. Whoever is not known leaves nothing behind by asking."""
    services, catalogue = context.services, context.voice.catalogue
    texts, now = context.voice.interface.export, services.clock()
    person_id = id_of(update.effective_user)
    async with services.database.read() as session:
        export = await gather(session, person_id, services.cipher, services.settings.counting_key, now)
    if export is None:
        await show(update, context, Answer(OutgoingMessage(texts.nothing)))
        return
    readable = page(catalogue, export).encode()
    for ending, content, caption in (
        ("html", readable, texts.page),
        ("json", export.to_json().encode(), joined(texts.file, unreadable_text(catalogue, export))),
    ):
        file = OutgoingFile(FILE_NAME.format(day=now, ending=ending), content, caption)
        await services.sender.send_file(person_id, file)
