"""A photo, animation or document as a call brings it: an upload, or the id of a file that was sent before."""

from localtelegram.answers import Refusal, bad_request
from localtelegram.methods.calls import Call
from localtelegram.methods.picture_size import is_mp4, size_of
from localtelegram.state.files import PHOTO_LIMIT, UPLOAD_LIMIT, FilePart, StoredFile

_LONGEST_SIDES = 10_000  # width and height of a photo together
_STEEPEST = 20  # times as wide as high, or the other way round


def read_media(call: Call, kind: str) -> StoredFile:
    """The file that the call's parameter `kind` names. Raises Telegram's refusals."""
    text = str(call.params[kind])
    if text.startswith("attach://"):
        upload = call.files.get(text.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"there is no {kind} in the request")
        return _keep(call, kind, upload)
    if "://" in text:
        call.complain("media by address: the local Telegram fetches nothing")
        raise bad_request("failed to get HTTP URL content")
    return call.network.files.sendable(text, kind, bot_id=call.bot.id)


def _keep(call: Call, kind: str, upload: FilePart) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    size = size_of(upload.content)
    if kind == "photo":
        if len(upload.content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        if size is None or is_mp4(upload.content):
            raise bad_request("IMAGE_PROCESS_FAILED")
        _check_dimensions(size.width, size.height)
    if kind == "animation" and not (is_mp4(upload.content) or (size and size.mime_type == "image/gif")):
        kind = "document"  # Telegram sends what does not move as a file
    if size is None:
        return call.network.files.keep(kind, upload, bot_id=call.bot.id)
    upload = FilePart(upload.content, upload.name, size.mime_type)
    return call.network.files.keep(kind, upload, bot_id=call.bot.id, width=size.width, height=size.height)


def _check_dimensions(width: int, height: int) -> None:
    shorter, longer = sorted((width, height))
    if shorter == 0 or width + height > _LONGEST_SIDES or longer > _STEEPEST * shorter:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
