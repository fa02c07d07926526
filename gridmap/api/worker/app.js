// The application: who is signed in, what is known, which view is open, when to read and when to send.
import * as api from "./api.js";
import * as clock from "./clock.js";
import * as frame from "./frame.js";
import * as queue from "./queue.js";
import { kept, persist, queue as waiting } from "./store.js";
import * as sync from "./sync.js";
import { browsers, fault, move as named, say, speak } from "./words.js";
import * as map from "./views/map.js";
import * as me from "./views/me.js";
import * as receipt from "./views/receipt.js";
import * as receipts from "./views/receipts.js";
import * as report from "./views/report.js";
import * as round from "./views/round.js";
import * as signin from "./views/signin.js";
import * as task from "./views/task.js";
import * as tasks from "./views/tasks.js";

const VIEWS = { map, tasks, task, round, report, receipts, receipt, me };
const REFRESH_MS = 60_000;
const UPDATE_MS = 3_600_000;
const STATIC = ["zh", "en", "map"];
const MOVING = ["me", "tasks", "rounds", "reports"];

class App extends EventTarget {
  session = null;
  known = new Map();
  online = navigator.onLine;
  counts = { waiting: 0, stopped: 0 };
  keyRefused = false;
  registration = null;
  updated = false;
  #timer = 0;
  #read = 0;
  #looked = Date.now();
  #reading = null;
  #close = null;
  #turn = 0;

  // Call `listener` at every `name` event until the view that asked for it is left.
  on(name, listener) {
    this.addEventListener(name, listener);
    return () => this.removeEventListener(name, listener);
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }

  // What was last read of `part`, undefined when nothing was.
  data(part) {
    return this.known.get(part)?.value;
  }

  readAt(part) {
    return this.known.get(part)?.at || 0;
  }

  go(path) {
    if (location.hash === `#/${path}`) this.open();
    else location.hash = `/${path}`;
  }

  async start() {
    api.speak(speak((await kept.get("language")) || browsers()));
    await clock.recall();
    this.session = (await kept.get("session")) || null;
    await signin.linked(this);
    await this.recall();
    await this.count();
    this.wire();
    frame.build(this);
    await this.open();
    this.register();
    persist();
    this.awake();
  }

  wire() {
    addEventListener("unhandledrejection", ({ reason }) => frame.toast(say("trouble", { what: String(reason?.message || reason) })));
    addEventListener("hashchange", () => this.open());
    addEventListener("online", () => this.awake());
    addEventListener("offline", () => this.reach(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.awake());
    api.line.addEventListener("up", () => this.reach(true));
    api.line.addEventListener("down", () => this.reach(false));
    queue.listen((event) => this.queued(event));
    setInterval(() => document.visibilityState === "visible" && this.refresh(), REFRESH_MS);
  }

  // The line is (perhaps) back, or a person is looking: send what waits, read what is new.
  async awake() {
    this.reach(navigator.onLine);
    await queue.hurry();
    await this.send();
    await this.refresh({ all: true });
    if (this.registration && Date.now() - this.#looked > UPDATE_MS) {
      this.#looked = Date.now();
      this.registration.update().catch(() => {});
    }
  }

  reach(online) {
    if (this.online === online) return;
    this.online = online;
    this.tell("line");
    if (online) queue.hurry().then(() => this.send());
  }

  // Send what is due, and come back when the next try is.
  async send() {
    clearTimeout(this.#timer);
    if (!this.session || !navigator.onLine) return;
    const next = await queue.flush();
    if (next) this.#timer = setTimeout(() => this.send(), Math.max(500, next - Date.now()));
  }

  async queued({ outcome, kind, about, receipt: code }) {
    await this.count();
    if (outcome === "key") this.refuseKey();
    if (outcome === "kept") {
      this.registration?.sync?.register("gridmap-queue").catch(() => {});
      this.send();
    }
    if (outcome === "sent" && kind === "report") frame.toast(say("report_sent", { code }));
    if (outcome === "sent" && kind === "round") frame.toast(say("round_sent", { name: about.name }));
    if (outcome === "sent" && kind === "move") frame.toast(say("move_sent", { move: named(about.move) }));
    if (outcome === "sent" && kind !== "visit") await this.refresh({ force: true });
    this.tell("queue");
  }

  async count() {
    const items = (await waiting.all()).filter(({ user }) => user === this.session?.user);
    this.counts = {
      waiting: items.filter(({ state }) => state === "waiting").length,
      stopped: items.filter(({ state }) => state === "stopped").length,
    };
    this.tell("counts");
  }

  // Bring in what the phone has kept.
  async recall() {
    this.known.clear();
    if (!this.session) return;
    for (const part of Object.keys(sync.PARTS)) {
      const found = await sync.read(part, this.session);
      if (found) this.known.set(part, found);
    }
  }

  // Read from the server what changes, at most every few seconds; what hardly changes only with `all`, or when missing.
  async refresh({ force = false, all = false } = {}) {
    if (!this.session || !navigator.onLine) return;
    if (this.#reading) await this.#reading;
    if (!force && Date.now() - this.#read < 3_000) return;
    const missing = STATIC.filter((part) => all || !this.known.has(part));
    this.#reading = this.read([...MOVING, ...missing]);
    await this.#reading;
    this.#reading = null;
  }

  async read(parts) {
    const { session } = this;
    try {
      await sync.refresh(parts, session);
      this.#read = Date.now();
      this.keyRefused = false;
    } catch (error) {
      if (error instanceof api.Refusal && error.status === 401) this.refuseKey();
      else if (error instanceof api.Refusal) frame.toast(say("trouble", { what: fault({ ...error.body, status: error.status }) }));
    }
    if (session !== this.session) return;
    await this.recall();
    this.tell("data");
  }

  refuseKey() {
    this.keyRefused = true;
    this.tell("line");
  }

  async signIn(key) {
    const found = await api.get("me", key);
    this.session = { key, ...found };
    await kept.put("session", this.session);
    this.keyRefused = false;
    await this.recall();
    await this.count();
    frame.build(this);
    this.go("map");
    this.awake();
  }

  async signOut() {
    const { user } = this.session;
    await kept.remove("session");
    for (const part of Object.keys(sync.PARTS)) await kept.remove(`${part}:${user}`);
    this.session = null;
    this.known.clear();
    frame.build(this);
    this.go("");
  }

  async setLanguage(lang) {
    api.speak(speak(lang));
    await kept.put("language", lang);
    frame.build(this);
    await this.open();
    await this.refresh({ force: true, all: true });
  }

  // Show the view the address names.
  async open() {
    const turn = ++this.#turn;
    this.#close?.();
    this.#close = null;
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const [name, id] = path.split("/");
    const view = this.session ? VIEWS[name] || map : signin;
    const root = frame.page(this, this.session ? (name in VIEWS ? name : "map") : "signin", view.title());
    const close = await view.show(root, this, { id, query: new URLSearchParams(query || "") });
    if (turn === this.#turn) this.#close = close;
    else close?.();
  }

  async register() {
    if (!navigator.serviceWorker) return;
    // A new version takes over at once for what is opened next; the page that is open offers to be opened anew.
    if (navigator.serviceWorker.controller) {
      navigator.serviceWorker.addEventListener("controllerchange", () => {
        this.updated = true;
        this.tell("line");
      });
    }
    try {
      await navigator.serviceWorker.register("sw.js", { type: "module", updateViaCache: "none" });
      this.registration = await navigator.serviceWorker.ready;
      this.tell("line");
    } catch (error) {
      console.warn("The application will not start without a line:", error.message);
    }
  }
}

const app = new App();
app.start().catch((error) => frame.broken(error));
