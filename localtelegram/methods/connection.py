"""getMe, getUpdates, setWebhook, deleteWebhook and getWebhookInfo."""

import re
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from localtelegram.answers import Json, bad_request, conflict, too_many_requests
from localtelegram.methods.calls import Call, Method
from localtelegram.state.webhook import Webhook

_PORTS = (80, 88, 443, 8443)


def get_me(call: Call) -> Json:
    return call.bot.me()


async def get_updates(call: Call) -> list[Json]:
    if call.bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _set_allowed(call)
    call.bot.updates.forget_old(call.now)
    return await call.bot.updates.poll(
        offset=call.params.get("offset", 0),
        limit=call.params.get("limit", 100),
        wait=call.params.get("timeout", 0),
    )


def _set_allowed(call: Call) -> None:
    """Sets which kinds of updates the bot wants, until it is set again. Updates that wait already are kept."""
    if "allowed_updates" in call.params:
        call.bot.updates.allowed = call.params["allowed_updates"] or None


def set_webhook(call: Call) -> bool:
    url = call.params.get("url", "")
    if not url:
        return delete_webhook(call)
    _check_url(url, is_local=call.has_local_webhooks)
    secret = call.params.get("secret_token", "")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    before = call.bot.webhook
    if before and before.url != url and timedelta() <= call.now - before.set_at < timedelta(seconds=1):
        raise too_many_requests(1)
    _set_allowed(call)
    _drop_if_asked(call)
    call.bot.updates.end_poll("terminated by setWebhook request")
    call.update_delivery.stop_webhook(call.bot)
    call.bot.webhook = Webhook(url, secret, call.now, max_connections=call.params.get("max_connections", 40))
    call.update_delivery.notice(call.bot)
    return True


def _check_url(url: str, *, is_local: bool) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise bad_request("invalid webhook URL specified")
    if is_local:
        if parts.scheme != "http" or not _is_of_this_machine(host):
            raise bad_request("bad webhook: here it can only be http on this machine, such as http://127.0.0.1:8080/")
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if re.match(r"(127|10|0)\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.", host):
        raise bad_request(f"bad webhook: IP address {host} is reserved")


def _is_of_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def delete_webhook(call: Call) -> bool:
    _drop_if_asked(call)
    call.update_delivery.stop_webhook(call.bot)
    call.bot.webhook = None
    return True


def _drop_if_asked(call: Call) -> None:
    if call.params.get("drop_pending_updates"):
        call.bot.updates.waiting.clear()


def get_webhook_info(call: Call) -> Json:
    webhook, updates = call.bot.webhook, call.bot.updates
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.waiting),
    }
    if updates.allowed:
        info["allowed_updates"] = updates.allowed
    return info | (webhook.info() if webhook else {})


METHODS: dict[str, Method] = {
    "getMe": Method(get_me),
    "getUpdates": Method(get_updates, "offset", "limit", "timeout", "allowed_updates"),
    "setWebhook": Method(
        set_webhook, "url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"
    ),
    "deleteWebhook": Method(delete_webhook, "drop_pending_updates"),
    "getWebhookInfo": Method(get_webhook_info),
}
