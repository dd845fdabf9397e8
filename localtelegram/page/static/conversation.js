// The open chat: its head, its topics, its messages as a log that grows and is edited in place.
import { avatar, h, icon, walkWithArrows } from "./dom.js";
import { bubble, isService } from "./bubble.js";
import { kindOf } from "./list.js";
import { messageMenu } from "./message_menu.js";
import { dayLabelOf, isSameDay, timeOf } from "./when.js";

const NEAR_BOTTOM_PX = 120;
const TOGETHER_S = 300;

export function conversation(store, root, { actions, openTopic, speaker, onDraw, canWrite }) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const log = part("log");
  const jump = part("jump");
  let chatId = null;
  let threadId = 0;
  walkWithArrows(part("topics"), "button", { horizontal: true });

  let sentHere = 0; // messages of this window that are on their way: they are followed, those of other windows are not
  let drawnZone;
  let lastTop = 0;
  let heldAt = null; // where the log stands while the top of a tall message is shown, until the reader goes on

  const zone = () => store.zoneOf(chatId, threadId);
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
    const isNewDay = !previous || !isSameDay(previous.date * 1000, message.date * 1000, zone());
    const sender = (one) => one.sender_chat?.id ?? one.from?.id;
    const isFollowing =
      !isNewDay && !isService(previous) && sender(previous) === sender(message) && message.date - previous.date < TOGETHER_S;
    const element = bubble(message, {
      isOwn: isOwn(message),
      showName: chat().type !== "private" && !isFollowing && !isOwn(message),
      isFollowing,
      role: roleOf(message),
      zone: zone(),
      actions,
    });
    if (!isNewDay) return [element];
    return [dayMark(message.date * 1000), element];
  };
  const dayMark = (at) => h("div", { class: "day", "data-at": at }, h("span", {}, dayLabelOf(at, store.now(), zone())));

  // "owner" or "admin" beside a name, as Telegram's apps show it.
  const roleOf = (message) => {
    const role = chat().members.find((one) => one.id === message.from?.id)?.role;
    return message.sender_chat || !["owner", "admin"].includes(role) ? null : role;
  };

  // A zone that becomes known moves stamps and day marks; nothing is drawn anew, so that nobody loses their place.
  const redate = () => {
    drawnZone = zone();
    log.querySelectorAll(".day").forEach((mark) => mark.remove());
    let previous = null;
    for (const element of log.querySelectorAll(".message")) {
      const at = Number(element.dataset.at);
      if (previous === null || !isSameDay(previous, at, drawnZone)) element.before(dayMark(at));
      previous = at;
      const stamp = element.querySelector(".stamp time");
      if (stamp) stamp.textContent = timeOf(at, drawnZone);
    }
  };

  // Live regions speak what is added; a whole redraw is no news, so it is silent.
  const drawLog = () => {
    log.setAttribute("aria-live", "off");
    const all = messages();
    drawnZone = zone();
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
    const { id, label, type, members } = chat();
    const isPrivate = type === "private";
    part("title").textContent = isPrivate ? store.bot.first_name : label;
    part("about").textContent = isPrivate
      ? `bot, ${label === "You" ? "your" : `${label}'s`} private chat`
      : `${kindOf(chat())}: ${members.map((one) => `${one.name} (${one.role})`).join(", ")}`;
    part("about").title = part("about").textContent;
    part("face").replaceChildren(avatar(isPrivate ? store.bot.first_name : label, isPrivate ? 0 : id));
    log.setAttribute("aria-label", `Messages in ${label}`);
  };

  const drawTopics = () => {
    const tabs = part("topics");
    const focused = tabs.contains(document.activeElement) ? document.activeElement.id : null;
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
    if (focused) document.getElementById(focused)?.focus();
  };

  const add = (message) => {
    const all = messages();
    const index = all.findIndex((one) => one.message_id === message.message_id);
    if (index < 0) return;
    const isWrittenHere = isOwn(message) && sentHere > 0;
    if (isWrittenHere) sentHere -= 1;
    const follow = isFollowing || heldAt !== null || isWrittenHere;
    log.querySelector(".empty, .first-contact")?.remove();
    log.append(...elementsOf(message, all[index - 1]));
    if (follow) toBottom();
    else jump.hidden = false;
  };

  // A label may change with the edit, so focus stays by its place: the same row, the same button in it.
  const placeOfFocus = (old) => {
    const focused = document.activeElement;
    if (!old.contains(focused) || focused === old) return null;
    const row = focused.closest(".row");
    if (row) return { row: [...old.querySelectorAll(".row")].indexOf(row), column: [...row.children].indexOf(focused) };
    return { index: [...old.querySelectorAll("button, a")].indexOf(focused) };
  };
  const focusAt = (fresh, place) => {
    const near = (items, index) => items[Math.min(index, items.length - 1)];
    const rows = [...fresh.querySelectorAll(".row")];
    const next = place === null
      ? fresh
      : "row" in place && rows.length
        ? near([...near(rows, place.row).children], place.column)
        : near([...fresh.querySelectorAll("button, a")], place.index ?? 0);
    (next ?? fresh).focus({ preventScroll: true });
  };

  const edit = (message) => {
    const old = log.querySelector(`.message[data-id="${message.message_id}"]`);
    if (!old) return;
    const follow = isFollowing || heldAt !== null;
    const hadFocus = old.contains(document.activeElement);
    const place = placeOfFocus(old);
    const hasOtherWords = wordsIn(old) !== (message.text ?? message.caption ?? "");
    const keysStood = keysTop(old);
    const rowsBefore = [...old.querySelectorAll(".row")].map((row) => [...row.children]);
    const isSameMenu = shapeOf(rowsBefore) === shapeOf(message.reply_markup?.inline_keyboard ?? []);
    const all = messages();
    const index = all.findIndex((one) => one.message_id === message.message_id);
    const fresh = elementsOf(message, all[index - 1]).at(-1);
    old.replaceWith(fresh);
    if (hadFocus) focusAt(fresh, place);
    const isTall = fresh.offsetHeight > log.clientHeight;
    if (isTall && hadFocus && isSameMenu) log.scrollTop += keysTop(fresh) - keysStood;
    else if (isTall && hasOtherWords && fresh === log.lastChild && (follow || hadFocus)) toTopOf(fresh);
    else if (follow && !isTall) toBottom();
  };
  // A menu that only marks another choice has as many buttons in each row as before: its buttons stay under the finger.
  const shapeOf = (rows) => rows.map((row) => row.length).join();
  const keysTop = (element) => element.querySelector(".buttons")?.getBoundingClientRect().top ?? 0;
  const wordsIn = (element) => element.querySelector(".words")?.textContent ?? "";

  // What is taller than the view is read from its top; but where words stand out in bold (numbers to call), they are seen.
  const toTopOf = (element) => {
    const bold = [...element.querySelectorAll(".words b")].at(-1);
    const top = element.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
    const low = bold ? bold.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom + 8 : -Infinity;
    log.scrollTop += Math.max(top, low);
    heldAt = log.scrollTop;
    isFollowing = isNearBottom();
  };

  const concerns = (event) => event.detail.chat_id === chatId;
  const seen = () => {
    if (chat() && !document.hidden) store.markRead(chat(), threadId);
  };
  const drawAll = () => {
    if (!chat()) return;
    seen();
    drawHead();
    drawTopics();
    onDraw(chat(), threadId);
    drawLog();
  };

  const notice = () => {
    isFollowing = isNearBottom();
    if (heldAt !== null && Math.abs(log.scrollTop - heldAt) > 2) heldAt = null;
    if (isFollowing) jump.hidden = true;
  };
  log.addEventListener("scroll", notice, { passive: true });
  // When the view becomes smaller or larger, its end stays where it is, or what is being read.
  const keepPlace = () => {
    const { top } = log.getBoundingClientRect();
    if (isFollowing) toBottom();
    else if (heldAt === null) log.scrollTop += top - lastTop;
    lastTop = top;
  };
  new ResizeObserver(keepPlace).observe(log);
  messageMenu(log, part("message-menu"), {
    messageOf: (id) => messages().find((one) => one.message_id === id),
    newest: () => messages().at(-1),
    canWrite,
    ...actions,
  });
  // What comes near the view for the first time gets its true height; the end has to stay the end.
  log.addEventListener("contentvisibilityautostatechange", () => isFollowing && toBottom());
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
  // Also what came while the page was hidden, and is seen now: the open tab has no mark then.
  store.addEventListener("read", (event) => concerns(event) && drawTopics());
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
    if (chat() && zone() !== drawnZone) redate();
    for (const day of log.querySelectorAll(".day")) {
      day.firstChild.textContent = dayLabelOf(Number(day.dataset.at), store.now(), zone());
    }
  });

  return {
    open(nextChat, nextThread) {
      chatId = nextChat;
      threadId = nextThread;
      drawAll();
    },
    redraw: drawLog,
    async sending(work) {
      sentHere += 1;
      const answer = await work;
      if (answer === null) sentHere -= 1;
      return answer;
    },
    zone: () => (chatId === null ? undefined : zone()),
    chat,
    threadId: () => threadId,
  };
}
