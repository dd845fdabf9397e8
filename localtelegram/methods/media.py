"""A photo, animation or document as a call brings it (upload, file id, address); sending and editing ask it."""

from localtelegram.methods.calls import Call, Method
from localtelegram.state.files import DOWNLOAD_LIMIT, PHOTO_LIMIT, UPLOAD_LIMIT, StoredFile, Upload
from localtelegram.state.pictures import is_mp4, picture_of
from localtelegram.state.refusal import Json, Refusal, bad_request

_LONGEST_SIDES = 10_000  # width and height of a photo together
_STEEPEST = 20  # times as wide as high, or the other way round


def read_media(call: Call, kind: str, value: object, options: Json) -> StoredFile:
    """`value` is what the call gives for it; raises Telegram's refusals."""
    upload = _upload(call, kind, value)
    if upload is not None:
        return _keep(call, kind, upload, options)
    text = str(value)
    if "://" in text:
        call.complain("media by address: the local Telegram fetches nothing")
        raise bad_request("failed to get HTTP URL content")
    return call.network.files.sendable(text, kind, bot_id=call.bot.id)


def _upload(call: Call, kind: str, value: object) -> Upload | None:
    if isinstance(value, Upload):
        return value
    text = str(value)
    if text.startswith("attach://"):
        name = text.removeprefix("attach://")
        if name not in call.files:
            raise bad_request(f"there is no {kind} in the request")
        return call.files[name]
    return None


def _keep(call: Call, kind: str, upload: Upload, options: Json) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    picture = picture_of(upload.content)
    if kind == "photo":
        if len(upload.content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        if picture is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        _check_dimensions(picture.width, picture.height)
    if kind == "animation" and not (is_mp4(upload.content) or (picture and picture.mime_type == "image/gif")):
        kind = "document"  # Telegram sends what does not move as a file
    width = options.get("width") or (picture.width if picture else 0)
    height = options.get("height") or (picture.height if picture else 0)
    named = upload if picture is None else Upload(upload.content, upload.name, picture.mime_type)
    return call.network.files.keep(
        kind, named, bot_id=call.bot.id, width=width, height=height, duration=options.get("duration", 0)
    )


def _check_dimensions(width: int, height: int) -> None:
    shorter, longer = sorted((width, height))
    if shorter == 0 or width + height > _LONGEST_SIDES or longer > _STEEPEST * shorter:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def get_file(call: Call) -> Json:
    stored = call.network.files.get(call.params["file_id"], bot_id=call.bot.id)
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return stored.reference() | {"file_path": stored.path}


METHODS: dict[str, Method] = {"getFile": get_file}
