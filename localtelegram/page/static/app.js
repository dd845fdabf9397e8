// Puts the page together: one store, its parts, and what each button does.
import { chatList } from "./list.js";
import { clockBar } from "./clock.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { icon } from "./dom.js";
import { act, follow } from "./live.js";
import { menuButton } from "./menu.js";
import { notices } from "./notices.js";
import { chooseChat, choosePlace, chooseFault } from "./sheets.js";
import { Store } from "./store.js";
import { weatherBar } from "./weather.js";
import { wordsNotice } from "./words.js";

const ANSWER_WAIT_MS = 15_000;
const byId = (id) => document.getElementById(id);

const store = new Store();
const { toast, alert } = notices([byId("toasts"), byId("list-toasts")], byId("alert"));
const narrow = matchMedia("(max-width: 719px)");
for (const place of document.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));

// Where we are stands in the address, so that Back and reload do what they should.
function place() {
  const [, chatId, threadId] = /^#\/(-?\d+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  const isKnown = chatId !== undefined && store.chats.has(Number(chatId));
  if (isKnown) return { chatId: Number(chatId), threadId: Number(threadId ?? 0) };
  return narrow.matches ? null : { chatId: [...store.chats.keys()][0], threadId: 0 };
}
const openChat = (chatId, threadId = 0) => {
  location.hash = threadId ? `#/${chatId}/${threadId}` : `#/${chatId}`;
};

async function attempt(verb, body) {
  try {
    return await act(verb, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

const here = () => ({ chat_id: talk.chat().id, speaker: line.speaker() });

// Answers to taps come as events; only the window that tapped shows them.
const answers = new Map();
const waiting = new Map();
store.addEventListener("answer", ({ detail }) => {
  const waiter = waiting.get(detail.query_id);
  if (waiter) waiter(detail);
  else answers.set(detail.query_id, detail);
});

async function tap(message, data) {
  const sent = await attempt("tap", { ...here(), message_id: message.message_id, data });
  if (!sent) return;
  const answer = answers.get(sent.query_id) ?? (await answerTo(sent.query_id));
  answers.delete(sent.query_id);
  waiting.delete(sent.query_id);
  if (answer?.text) toast(answer.text);
}

const answerTo = (queryId) =>
  new Promise((resolve) => {
    waiting.set(queryId, resolve);
    setTimeout(() => resolve(null), ANSWER_WAIT_MS);
  });

async function start(payload) {
  const own = talk.chat().type === "private" ? talk.chat() : [...store.chats.values()].find((one) => one.type === "private");
  openChat(own.id);
  await attempt("start", { chat_id: own.id, speaker: own.speakers[0].id, payload });
  line.focus();
}

// A key of the bot's keyboard types its label, or lets a chat or a place be chosen.
async function press(text, request) {
  if (request === "location") {
    return shareLocation();
  }
  if (!request) {
    return say(text);
  }
  const wanted = { ...here(), request_id: request.request_id };
  const offers = await attempt("offers", wanted);
  const chosen = offers && (await chooseChat(offers));
  return chosen ? attempt("share", { ...wanted, shared_chat_id: chosen }) : null;
}

async function shareLocation() {
  const chosen = await choosePlace();
  return chosen ? attempt("location", { ...here(), ...chosen }) : null;
}

// Any file of this machine, as a document.
function sendFile() {
  const picker = Object.assign(document.createElement("input"), { type: "file" });
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      attempt("file", { ...here(), name: file.name, base64: reader.result.split(",")[1] ?? "" });
    });
    reader.readAsDataURL(file);
  });
  picker.click();
}

function say(text, replyTo) {
  return talk.sending(attempt("say", { ...here(), thread_id: talk.threadId(), text, reply_to: replyTo }));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    alert(text);
  }
}

function deepLink(url) {
  const isOurs = url.host === "t.me" && url.pathname.slice(1).toLowerCase() === store.bot.username?.toLowerCase();
  return isOurs ? (url.searchParams.get("start") ?? "") : null;
}

// A link that adds the bot: the kind of chat it is for, what it types there, the rights that it asks for.
function addLink(url) {
  const kind = ["startgroup", "startchannel"].find((name) => url.searchParams.has(name));
  if (!kind || deepLink(url) === null) return null;
  return {
    isChannel: kind === "startchannel",
    payload: url.searchParams.get(kind) || null,
    rights: (url.searchParams.get("admin") ?? "").split("+").filter(Boolean),
  };
}

async function addBot({ isChannel, payload, rights }) {
  const offers = await attempt("offers", { ...here(), is_channel: isChannel });
  const chosen = offers && (await chooseChat(offers));
  if (chosen) await attempt("add", { ...here(), shared_chat_id: chosen, payload, rights });
}

const actions = {
  tap,
  start,
  addLink,
  altOf: (file, caption) => store.altOf(file, caption),
  addBot,
  press,
  say,
  copy,
  deepLink,
  tell: toast,
  reply: (message) => line.reply(message),
  runCommand: (command) => say(command),
  askInline: async (query) => (await attempt("inline", { ...here(), query }))?.results ?? [],
  chooseInline: (result) => {
    const chosen = { query_id: result.query_id, result_id: result.id };
    return talk.sending(attempt("choose", { ...here(), thread_id: talk.threadId(), ...chosen }));
  },
  unblock: async () => {
    await attempt("unblock", here());
    line.focus();
  },
  speakerChanged: () => talk.redraw(),
};

const line = composer(store, byId("composer"), actions);
const talk = conversation(store, byId("conversation"), {
  actions,
  openTopic: (threadId) => openChat(talk.chat().id, threadId),
  speaker: () => line.speaker(),
  canWrite: () => line.canWrite(),
  onDraw: (chat, threadId) => line.show(chat, threadId),
});
const list = chatList(store, byId("chats"), { openChat });
const clock = clockBar(store, byId("clock"), { tell: toast, zone: () => talk.zone() });
weatherBar(store, byId("weather"), { end: () => attempt("faults", { id: "none" }) });
wordsNotice(store, byId("words"), {
  tell: toast,
  show: async (message) => (await attempt("message", message)) && openChat([...store.chats.keys()][0]), // of You
});

function arrive({ takeFocus }) {
  if (!store.chats.size) return;
  const where = place();
  document.body.dataset.view = where ? "chat" : "list";
  list.setOpen(where?.chatId ?? null);
  if (where) talk.open(where.chatId, where.threadId);
  clock.draw();
  if (!takeFocus) return;
  if (where) line.focus();
  else byId("chats").querySelector("button")?.focus();
}

menuButton(byId("more"), byId("more-items"), () => {
  const chat = talk.chat();
  const items = [];
  if (chat.type === "private" && chat.is_started && !chat.is_blocked) {
    items.push({ name: "Share a place", choose: shareLocation });
    items.push({ name: "Send a file", choose: sendFile });
    items.push({ name: "Block the bot", note: "it can no longer write here", choose: () => attempt("block", here()) });
  }
  if (chat.is_blocked) items.push({ name: "Unblock the bot", choose: actions.unblock });
  if (store.faults) {
    items.push({
      name: "Faults",
      note: "lost connections, refusals, delays",
      choose: async () => {
        const chosen = await chooseFault(store.faults);
        if (chosen) await attempt("faults", { id: chosen });
      },
    });
  }
  items.push({ name: "Reload this page", choose: () => location.reload() });
  return items;
});

addEventListener("hashchange", () => arrive({ takeFocus: true }));
narrow.addEventListener("change", () => arrive({ takeFocus: false }));
addEventListener("keydown", (event) => {
  const isOpenMenu = event.target.closest?.("dialog, [role=menu], details[open]");
  if (event.key !== "Escape" || isOpenMenu) return;
  if (narrow.matches) location.hash = "#/";
  else byId("chats").querySelector('[tabindex="0"]')?.focus();
});
addEventListener("pointerdown", (event) => {
  if (!byId("about").contains(event.target)) byId("about").open = false;
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  (document.body.dataset.view === "chat" ? byId("log") : byId("chats").querySelector("button"))?.focus();
});
byId("about").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  byId("about").open = false;
  byId("about").querySelector("summary").focus();
});

for (const type of ["loaded", "message", "read"]) {
  store.addEventListener(type, () => {
    const unread = [...store.chats.values()].reduce((sum, chat) => sum + store.unread(chat), 0);
    document.title = unread ? `(${unread}) Local Telegram` : "Local Telegram";
  });
}
store.addEventListener("loaded", ({ detail }) => {
  arrive({ takeFocus: false });
  if (detail.isAnew) toast("The preview has started over: what was here before is gone.");
  document.body.classList.add("ready");
});
follow(store, { onConnection: (isOn) => (byId("offline").hidden = isOn) });
