// The input line and what surrounds it: who speaks, command menu, suggestions, the bot's keyboard.
import { quoted } from "./bubble.js";
import { h } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { menuButton } from "./menu.js";
import { suggestions } from "./suggest.js";

export function composer(store, root, actions) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const input = part("input");
  const drafts = new Map();
  const speakers = new Map();
  const folded = recalledFolds();
  const replies = new Map();
  const growsByItself = CSS.supports("field-sizing", "content");
  let drawnKeyboard = null;
  let chat = null;
  let threadId = 0;

  const speaker = () => speakers.get(chat.id) ?? chat.speakers[0]?.id;
  const commands = () => chat?.commands[speaker()] ?? [];
  const written = (command) => (chat.type === "private" ? `/${command}` : `/${command}@${store.bot.username}`);
  const runCommand = (command) => {
    clear();
    actions.say(written(command));
  };

  const offers = suggestions(input, part("offers"), part("offers-status"), {
    commands,
    botName: () => store.bot.username ?? "",
    askInline: (query) => actions.askInline(query),
    chooseCommand: runCommand,
    chooseResult: (result) => {
      clear();
      actions.chooseInline(result);
    },
  });

  const menu = menuButton(part("menu"), part("menu-items"), () =>
    commands().map((one) => ({ name: `/${one.command}`, note: one.description, choose: () => runCommand(one.command) })),
  );

  // Measuring lays out the whole page, so only a browser that cannot do it by itself is helped.
  const fit = () => {
    if (!growsByItself) {
      input.style.height = "auto";
      input.style.height = `${Math.min(input.scrollHeight + 2, 160)}px`;
    }
    part("send").setAttribute("aria-disabled", String(input.value.trim() === ""));
  };
  const clear = () => {
    input.value = "";
    drafts.delete(key());
    offers.close();
    fit();
  };
  const key = () => `${chat.id}/${threadId}`;
  const send = async () => {
    const text = input.value.trim();
    if (text === "") return;
    const [where, answered] = [key(), replies.get(key())];
    clear();
    setReply(null);
    input.focus();
    if (await actions.say(text, answered?.message_id)) return;
    giveBack(where, text, answered);
  };
  // What could not be sent is put back, ahead of what was typed since.
  const giveBack = (where, text, answered) => {
    const since = drafts.get(where);
    drafts.set(where, since ? `${text}\n${since}` : text);
    if (answered && !replies.has(where)) replies.set(where, answered);
    if (where !== key()) return;
    input.value = drafts.get(where);
    drawReply();
    fit();
  };

  const setReply = (message) => {
    if (message) replies.set(key(), message);
    else replies.delete(key());
    drawReply();
  };
  const drawReply = () => {
    const message = replies.get(key());
    part("reply").hidden = !message;
    part("reply-quote").replaceChildren(message ? quoted(message) : "");
  };
  part("reply-cancel").addEventListener("click", () => {
    setReply(null);
    input.focus();
  });

  input.addEventListener("input", () => {
    drafts.set(key(), input.value);
    fit();
    offers.update();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || offers.takeKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && replies.has(key())) {
      event.stopPropagation();
      setReply(null);
    }
  });
  input.addEventListener("blur", () => offers.close());
  part("send").addEventListener("click", send);
  part("start").addEventListener("click", () => actions.start(null));
  part("unblock").addEventListener("click", () => actions.unblock());
  part("keyboard-toggle").addEventListener("click", () => {
    fold(!isFolded());
  });
  const fold = (isFolded) => {
    folded.set(chat.id, { of: chat.keyboard.message_id, isFolded });
    sessionStorage.setItem("folded", JSON.stringify([...folded]));
    drawKeyboard();
  };

  const isFolded = () => {
    const state = folded.get(chat.id);
    return state !== undefined && state.of === chat.keyboard?.message_id && state.isFolded;
  };

  const drawSpeakers = () => {
    const fieldset = part("speakers");
    fieldset.hidden = chat.speakers.length < 2;
    const drawnFor = `${chat.id}:${chat.speakers.map((one) => one.id)}`;
    if (fieldset.dataset.for === drawnFor) return;
    fieldset.dataset.for = drawnFor;
    const radios = chat.speakers.map((one) =>
      h(
        "label",
        { class: "pill" },
        h("input", {
          type: "radio",
          name: "speaker",
          value: one.id,
          checked: one.id === speaker(),
          onchange: () => {
            speakers.set(chat.id, one.id);
            actions.speakerChanged();
            drawMenu();
          },
        }),
        h("span", {}, one.label),
      ),
    );
    fieldset.replaceChildren(h("legend", {}, "Speaking as"), h("div", { class: "pills" }, radios));
  };

  const drawMenu = () => {
    part("menu").hidden = commands().length === 0;
    menu.close({ refocus: false });
  };

  const drawKeyboard = () => {
    const keyboard = chat.keyboard?.keyboard ? chat.keyboard : null;
    const toggle = part("keyboard-toggle");
    toggle.hidden = keyboard === null;
    toggle.setAttribute("aria-expanded", String(keyboard !== null && !isFolded()));
    const holder = part("keyboard");
    holder.hidden = keyboard === null || isFolded();
    const drawn = keyboard ? `${chat.id}/${keyboard.message_id}` : "";
    if (drawn === drawnKeyboard) return; // whoever walks through its keys keeps their place
    drawnKeyboard = drawn;
    holder.replaceChildren(keyboard ? replyKeyboard(keyboard, { press }) : "");
  };

  // A keyboard for one time is folded away when its key has sent something: who closes the list of chats may still go on.
  const press = async (text, request) => {
    const { one_time_keyboard: isForOneTime, message_id: id } = chat.keyboard;
    if (!(await actions.press(text, request)) || !isForOneTime || chat.keyboard?.message_id !== id) return;
    fold(true);
    input.focus();
  };

  // What stands at the foot: the input line, START, "unblock", or a word on who may write.
  const draw = () => {
    const isPrivate = chat.type === "private";
    const foot = chat.is_blocked ? "blocked" : isPrivate && !chat.is_started ? "start" : "write";
    part("write").hidden = foot !== "write" || chat.speakers.length === 0;
    part("start").hidden = foot !== "start";
    part("unblock").hidden = foot !== "blocked";
    part("silent").hidden = foot !== "write" || chat.speakers.length > 0;
    drawSpeakers();
    drawMenu();
    drawKeyboard();
    drawReply();
    input.placeholder = chat.keyboard?.input_field_placeholder ?? (chat.type === "channel" ? "Post" : "Message");
    fit();
  };

  return {
    show(nextChat, nextThread) {
      const isOther = chat?.id !== nextChat.id || threadId !== nextThread;
      chat = nextChat;
      threadId = nextThread;
      if (isOther) {
        input.value = drafts.get(key()) ?? "";
        offers.close();
      }
      draw();
    },
    speaker,
    canWrite: () => !part("write").hidden,
    reply(message) {
      setReply(message);
      input.focus();
    },
    focus: () => (part("write").hidden ? root.querySelector("button.foot:not([hidden])") : input)?.focus(),
  };
}

// Which keyboards of the bot were folded away in this window, also before it was loaded anew.
const recalledFolds = () => new Map(JSON.parse(sessionStorage.getItem("folded") ?? "[]"));
