// The open chat: its head, its topics, its messages as a log that grows and is edited in place.
import { avatar, h, icon, walkWithArrows } from "./dom.js";
import { bubble } from "./bubble.js";
import { kindOf } from "./list.js";
import { dayLabelOf, isSameDay } from "./when.js";

const NEAR_BOTTOM_PX = 120;
const TOGETHER_S = 300;

export function conversation(store, root, { actions, openTopic, speaker, onDraw }) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const log = part("log");
  const jump = part("jump");
  let chatId = null;
  let threadId = 0;
  walkWithArrows(part("topics"), "button", { horizontal: true });

  const chat = () => store.chats.get(chatId);
  const messages = () => (chat() ? store.messagesIn(chat(), threadId) : []);
  const isNearBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;
  let isFollowing = true; // as the reader left it: a picture that loads late makes the log longer, and moves nobody away
  const toBottom = () => {
    isFollowing = true;
    log.scrollTop = log.scrollHeight;
    jump.hidden = true;
  };

  const isOwn = (message) => {
    if (message.from?.id === store.bot.id || chat().type === "channel") return false;
    const me = speaker();
    if (message.sender_chat) return me === "anonymous" && message.sender_chat.id === chatId;
    return String(message.from?.id) === me;
  };

  const elementsOf = (message, previous) => {
    const isNewDay = !previous || !isSameDay(previous.date * 1000, message.date * 1000);
    const sender = (one) => one.sender_chat?.id ?? one.from?.id;
    const isFollowing =
      !isNewDay && sender(previous) === sender(message) && message.date - previous.date < TOGETHER_S;
    const element = bubble(message, {
      isOwn: isOwn(message),
      showName: chat().type !== "private" && !isFollowing && !isOwn(message),
      isFollowing,
      actions,
    });
    if (!isNewDay) return [element];
    const label = dayLabelOf(message.date * 1000, store.now());
    return [h("div", { class: "day", "data-at": message.date * 1000 }, h("span", {}, label)), element];
  };

  // Live regions speak what is added; a whole redraw is no news, so it is silent.
  const drawLog = () => {
    log.setAttribute("aria-live", "off");
    const all = messages();
    log.replaceChildren(...all.flatMap((message, index) => elementsOf(message, all[index - 1])));
    if (!all.length) log.append(emptyWords());
    toBottom();
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  };

  const emptyWords = () => {
    const { type, is_started: isStarted } = chat();
    if (type !== "private" || isStarted) return h("p", { class: "empty" }, "Nothing here yet.");
    const { first_name: name, description } = store.bot;
    return h(
      "div",
      { class: "first-contact" },
      avatar(name, 0),
      h("h3", {}, "What can this bot do?"),
      h("p", {}, description || `${name} has not written a description.`),
    );
  };

  const drawHead = () => {
    const { label, type } = chat();
    const isPrivate = type === "private";
    part("title").textContent = isPrivate ? store.bot.first_name : label;
    part("about").textContent = isPrivate ? `bot, in the private chat of ${label}` : kindOf(chat());
    part("face").replaceChildren(avatar(isPrivate ? store.bot.first_name : label, isPrivate ? 0 : chatId));
    log.setAttribute("aria-label", `Messages in ${label}`);
  };

  const drawTopics = () => {
    const tabs = part("topics");
    tabs.hidden = !chat().is_forum;
    tabs.replaceChildren(
      ...chat().topics.map((topic) => {
        const unread = store.unread(chat(), topic.id);
        const isOpen = topic.id === threadId;
        return h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `topic-${topic.id}`,
            "aria-selected": String(isOpen),
            "aria-controls": "log",
            tabindex: isOpen ? 0 : -1,
            onclick: () => {
              openTopic(topic.id);
              tabs.querySelector('[aria-selected="true"]')?.focus();
            },
          },
          topic.name,
          unread ? h("span", { class: "unread" }, String(unread), h("span", { class: "hidden" }, " new")) : null,
        );
      }),
    );
  };

  const add = (message) => {
    const all = messages();
    const index = all.findIndex((one) => one.message_id === message.message_id);
    if (index < 0) return;
    const follow = isNearBottom() || isOwn(message);
    log.querySelector(".empty, .first-contact")?.remove();
    log.append(...elementsOf(message, all[index - 1]));
    if (follow) toBottom();
    else jump.hidden = false;
  };

  // The button that was pressed may be gone after an edit; the keyboard must not lose its place.
  const edit = (message) => {
    const old = log.querySelector(`.message[data-id="${message.message_id}"]`);
    if (!old) return;
    const follow = isNearBottom();
    const hadFocus = old.contains(document.activeElement);
    const all = messages();
    const index = all.findIndex((one) => one.message_id === message.message_id);
    const fresh = elementsOf(message, all[index - 1]).at(-1);
    old.replaceWith(fresh);
    if (hadFocus) {
      const next = fresh.querySelector(".buttons button, .buttons a") ?? fresh;
      if (next === fresh) fresh.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
    if (follow) toBottom();
  };

  const concerns = (event) => event.detail.chat_id === chatId;
  const seen = () => {
    if (chat() && !document.hidden) store.markRead(chat(), threadId);
  };
  const drawAll = () => {
    if (!chat()) return;
    drawHead();
    drawTopics();
    onDraw(chat(), threadId);
    drawLog();
    seen();
  };

  const notice = () => {
    isFollowing = isNearBottom();
    if (isFollowing) jump.hidden = true;
  };
  log.addEventListener("scroll", notice, { passive: true });
  log.addEventListener("load", () => isFollowing && toBottom(), true);
  jump.addEventListener("click", toBottom);
  jump.prepend(icon("down"));
  document.addEventListener("visibilitychange", seen);
  store.addEventListener("loaded", drawAll);
  store.addEventListener("bot", () => chat() && (drawHead(), messages().length || drawLog()));
  store.addEventListener("message", (event) => {
    if (!concerns(event)) return;
    add(event.detail.message);
    seen();
    drawTopics();
  });
  store.addEventListener("edited", (event) => concerns(event) && edit(event.detail.message));
  store.addEventListener("deleted", (event) => concerns(event) && drawLog());
  store.addEventListener("chat", (event) => {
    if (!concerns(event)) return;
    drawHead();
    drawTopics();
    onDraw(chat(), threadId);
    if (!messages().length) drawLog();
  });
  // A day label says "Today"; when the clock moves past midnight it must say so no longer.
  store.addEventListener("clock", () => {
    for (const day of log.querySelectorAll(".day")) {
      day.firstChild.textContent = dayLabelOf(Number(day.dataset.at), store.now());
    }
  });

  return {
    open(nextChat, nextThread) {
      chatId = nextChat;
      threadId = nextThread;
      drawAll();
    },
    redraw: drawLog,
    chat,
    threadId: () => threadId,
  };
}
