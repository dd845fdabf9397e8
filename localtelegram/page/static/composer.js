// The input line and what surrounds it: who speaks, command menu, suggestions, the bot's keyboard.
import { h } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { menuButton } from "./menu.js";
import { suggestions } from "./suggest.js";

export function composer(store, root, actions) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const input = part("input");
  const drafts = new Map();
  const speakers = new Map();
  const folded = new Map();
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

  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 160)}px`;
    part("send").setAttribute("aria-disabled", String(input.value.trim() === ""));
  };
  const clear = () => {
    input.value = "";
    drafts.delete(key());
    offers.close();
    fit();
  };
  const key = () => `${chat.id}/${threadId}`;
  const send = () => {
    const text = input.value.trim();
    if (text === "") return;
    clear();
    actions.say(text);
    input.focus();
  };

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
    }
  });
  input.addEventListener("blur", () => offers.close());
  part("send").addEventListener("click", send);
  part("start").addEventListener("click", () => actions.start(null));
  part("unblock").addEventListener("click", () => actions.unblock());
  part("keyboard-toggle").addEventListener("click", () => {
    folded.set(chat.id, { of: chat.keyboard.message_id, isFolded: !isFolded() });
    drawKeyboard();
  });

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
    holder.replaceChildren(keyboard ? replyKeyboard(keyboard, { press }) : "");
  };

  const press = (text, request) => {
    if (chat.keyboard.one_time_keyboard) {
      folded.set(chat.id, { of: chat.keyboard.message_id, isFolded: true });
      drawKeyboard();
      input.focus();
    }
    actions.press(text, request);
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
    focus: () => (part("write").hidden ? root.querySelector("button.foot:not([hidden])") : input)?.focus(),
  };
}
