// What this window knows of the local Telegram: one snapshot, kept fresh by events.

export class Store extends EventTarget {
  bot = null;
  clock = null;
  people = [];
  faults = null;
  words = { findings: [], are_in_use: true, fresh: [] };
  alts = [];
  chats = new Map();
  #read = new Map();

  load(snapshot) {
    this.bot = snapshot.bot;
    this.people = snapshot.people;
    this.faults = snapshot.faults;
    this.words = snapshot.words;
    this.alts = snapshot.alts;
    this.#setClock(snapshot.clock);
    this.chats = new Map(snapshot.chats.map((chat) => [chat.id, chat]));
    const isAnew = this.#recallRead(snapshot.run);
    this.#tell("loaded", { isAnew });
  }

  apply(event) {
    const chat = this.chats.get(event.chat_id);
    switch (event.type) {
      case "message":
        if (!chat || chat.messages.some((one) => one.message_id === event.message.message_id)) return;
        chat.messages.push(event.message);
        break;
      case "edited":
        if (!chat) return;
        chat.messages = chat.messages.map((one) => (one.message_id === event.message.message_id ? event.message : one));
        break;
      case "deleted":
        if (!chat) return;
        chat.messages = chat.messages.filter((one) => !event.message_ids.includes(one.message_id));
        break;
      case "chat":
        this.chats.set(event.chat.id, { ...event.chat, messages: this.chats.get(event.chat.id)?.messages ?? [] });
        event = { ...event, chat_id: event.chat.id };
        break;
      case "bot":
        this.bot = event.bot;
        break;
      case "clock":
        this.#setClock(event.clock);
        break;
      case "faults":
        this.faults = event.faults;
        break;
      case "words":
        this.words = event.words;
        break;
    }
    this.#tell(event.type, event);
  }

  // The local Telegram's time now, in milliseconds, ticking on between two events.
  now() {
    return this.clock.now + (performance.now() - this.clock.receivedAt);
  }

  ahead() {
    return this.clock.ahead;
  }

  // By which clock a chat or topic lives, where the bot knows; undefined means this machine's.
  zoneOf(chatId, threadId = 0) {
    const zones = this.clock?.zones ?? {};
    return zones[`${chatId}/${threadId}`] ?? zones[`${chatId}/0`];
  }

  // What a moving picture shows, in the language of the words that came with it.
  altOf(file, caption = "") {
    return this.alts.find((one) => one.file === file.file_name && caption.includes(one.says));
  }

  lastMessage(chat, threadId) {
    return threadId === undefined ? chat.messages.at(-1) : this.messagesIn(chat, threadId).at(-1);
  }

  messagesIn(chat, threadId) {
    if (!chat.is_forum) return chat.messages;
    return chat.messages.filter((message) => topicOf(message) === threadId);
  }

  unread(chat, threadId) {
    const upTo = this.#read.get(readKey(chat.id, threadId)) ?? 0;
    const messages = threadId === undefined ? chat.messages : this.messagesIn(chat, threadId);
    if (threadId === undefined && chat.is_forum) {
      const topics = new Set(chat.messages.map(topicOf));
      return [...topics].reduce((sum, topic) => sum + this.unread(chat, topic), 0);
    }
    return messages.filter((message) => message.message_id > upTo && !isFromPeople(message, this.bot)).length;
  }

  markRead(chat, threadId) {
    const last = this.messagesIn(chat, threadId).at(-1)?.message_id ?? 0;
    const key = readKey(chat.id, chat.is_forum ? threadId : undefined);
    if ((this.#read.get(key) ?? 0) >= last) return;
    this.#read.set(key, last);
    sessionStorage.setItem("read", JSON.stringify({ run: this.run, read: [...this.#read] }));
    this.#tell("read", { chat_id: chat.id });
  }

  // Marks of another run of the server mean nothing here. True where this window had seen another run.
  #recallRead(run) {
    const kept = JSON.parse(sessionStorage.getItem("read") ?? "null");
    const before = this.run ?? kept?.run;
    this.run = run;
    if (kept?.run === run) this.#read = new Map(kept.read);
    else this.#read.clear();
    return before !== undefined && before !== run;
  }

  #setClock(clock) {
    this.clock = { ...clock, receivedAt: performance.now() };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const readKey = (chatId, threadId) => `${chatId}/${threadId ?? ""}`;

// General is topic 0 here; a reply outside a forum may carry a thread too, which is no topic.
export const topicOf = (message) => (message.is_topic_message ? message.message_thread_id : 0);

const isFromPeople = (message, bot) => message.from !== undefined && message.from.id !== bot.id;
