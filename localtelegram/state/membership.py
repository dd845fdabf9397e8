"""Changes who belongs to a chat: joins, rights, bans, blocking, and a group that becomes a supergroup."""

from dataclasses import replace

from localtelegram.answers import Json
from localtelegram.state.accounts import Account
from localtelegram.state.chats import Member, StoredChat, member_json
from localtelegram.state.network import Network
from localtelegram.state.posting import NewMessage, post


def set_member(
    network: Network, chat: StoredChat, account: Account, member: Member, *, by: Account | None = None
) -> None:
    """Changes a membership. Tells bots by my_chat_member or chat_member, and the chat by a service message."""
    actor = by or account
    before = chat.member(account.id)
    old = member_json(chat, account.user(), before)
    chat.members[account.id] = member
    new = member_json(chat, account.user(), member)
    if old != new:
        _tell_bots(network, chat, account, actor, old, new)
        network.tell("membership", chat, member=new)
    _post_service_message(network, chat, account, actor, was_here=before.is_here, is_here=member.is_here)


def _tell_bots(network: Network, chat: StoredChat, account: Account, actor: Account, old: Json, new: Json) -> None:
    change = {
        "chat": chat.chat(),
        "from": actor.user(),
        "date": int(network.clock().timestamp()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    for bot in network.bots.values():
        if bot.id == account.id:
            network.push(bot, "my_chat_member", change, chat_key=chat.id)
        elif chat.member(bot.id).is_admin and chat.type != "private":
            network.push(bot, "chat_member", change, chat_key=chat.id)


def _post_service_message(
    network: Network, chat: StoredChat, account: Account, actor: Account, *, was_here: bool, is_here: bool
) -> None:
    """Says in a group that someone joined or left. Channels have no such messages."""
    if chat.type not in ("group", "supergroup") or was_here == is_here:
        return
    if is_here:
        post(network, chat, actor, NewMessage(content={"new_chat_members": [account.user()]}, is_service=True))
    else:
        post(network, chat, actor, NewMessage(content={"left_chat_member": account.user()}, is_service=True))


def start(network: Network, chat: StoredChat) -> None:
    """Opens the private chat by Start, which also unblocks the bot."""
    if chat.is_blocked:
        unblock(network, chat)
    chat.is_started = True


def block(network: Network, chat: StoredChat) -> None:
    if not chat.is_blocked:
        chat.is_blocked = True
        _tell_of_block(network, chat, "member", "kicked")


def unblock(network: Network, chat: StoredChat) -> None:
    if chat.is_blocked:
        chat.is_blocked = False
        _tell_of_block(network, chat, "kicked", "member")


def _tell_of_block(network: Network, chat: StoredChat, old: str, new: str) -> None:
    bot, person = network.bot(chat.bot_id or 0), network.accounts[chat.id]
    before, after = (member_json(chat, bot.user(), Member(status)) for status in (old, new))
    change = {"chat": chat.chat(), "from": person.user(), "date": int(network.clock().timestamp())}
    change |= {"old_chat_member": before, "new_chat_member": after}
    network.push(bot, "my_chat_member", change, chat_key=chat.id)
    network.tell("membership", chat, member=after)


def migrate(network: Network, group: StoredChat, by: Account) -> StoredChat:
    """Makes a basic group a supergroup, with a new id and new message ids."""
    supergroup = StoredChat(
        -(1_000_000_000_000 + network.new_id()),
        "supergroup",
        title=group.title,
        members={account_id: replace(member) for account_id, member in group.members.items()},
        permissions=dict(group.permissions),
        migrated_from=group.id,
    )
    network.chats[supergroup.id] = supergroup
    post(network, group, by, NewMessage(content={"migrate_to_chat_id": supergroup.id}, is_service=True))
    group.migrated_to, group.is_deactivated = supergroup.id, True
    post(network, supergroup, by, NewMessage(content={"migrate_from_chat_id": group.id}, is_service=True))
    network.tell("chat", supergroup, chat=supergroup.chat(), migrated_from=group.id)
    return supergroup
