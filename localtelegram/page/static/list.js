// The chats on the left: name, last line, time, what is new.
import { avatar, h, walkWithArrows } from "./dom.js";
import { nameOf, summaryOf } from "./bubble.js";
import { listTimeOf } from "./when.js";

const KINDS = { private: "private chat", group: "group", supergroup: "group", channel: "channel" };

export function chatList(store, element, { openChat }) {
  let openId = null;
  walkWithArrows(element, "button");

  const row = (chat) => {
    const last = store.lastMessage(chat);
    const unread = store.unread(chat);
    const isOpen = chat.id === openId;
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "chat-row",
          "data-chat": chat.id,
          tabindex: isOpen ? 0 : -1,
          "aria-current": isOpen ? "true" : null,
          onclick: () => openChat(chat.id),
        },
        avatar(chat.label, chat.id),
        h(
          "span",
          { class: "chat-text" },
          h("span", { class: "chat-name" }, chat.label, " ", h("span", { class: "chat-kind hidden" }, kindOf(chat))),
          h("span", { class: "chat-last" }, last ? lastLine(chat, last) : quietLine(chat)),
        ),
        h(
          "span",
          { class: "chat-side" },
          h("span", { class: "chat-time" }, last ? listTimeOf(last.date * 1000, store.now(), store.zoneOf(chat.id)) : ""),
          unread ? h("span", { class: "unread" }, String(unread), h("span", { class: "hidden" }, " new")) : null,
        ),
      ),
    );
  };

  const draw = () => {
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
    element.replaceChildren(...[...store.chats.values()].map(row));
    if (!element.querySelector('[tabindex="0"]')) element.querySelector("button")?.setAttribute("tabindex", "0");
    if (focused) element.querySelector(`[data-chat="${focused}"]`)?.focus();
  };

  for (const type of ["loaded", "message", "edited", "deleted", "chat", "bot", "read", "clock"]) {
    store.addEventListener(type, draw);
  }
  return {
    setOpen(id) {
      openId = id;
      draw();
    },
  };
}

export const kindOf = (chat) => (chat.is_forum ? "group with topics" : KINDS[chat.type]);

function lastLine(chat, message) {
  const isTold = chat.type !== "private" && chat.type !== "channel";
  return isTold ? `${nameOf(message)}: ${summaryOf(message)}` : summaryOf(message);
}

function quietLine(chat) {
  if (chat.is_blocked) return "You blocked the bot";
  return chat.type === "private" ? "Not started yet" : "Nothing here yet";
}
