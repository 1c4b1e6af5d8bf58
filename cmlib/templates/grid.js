/* The grid of a plan: it shows what Python says and asks for what a person wants; it decides nothing.
   Every word goes into the page as text (textContent), never as markup. Days are plain "2026-12-03" and hours
   "18:30" on the brand's clock: which instant that is, Python knows. */

const NARROW = 700; // pixels, under which days stand below each other
const HOURS = [8, 20]; // shown even when they are free
const DAY = 86400000;

// ── Days ────────────────────────────────────────────────────────────────────────────────────────────────────

const parse = (day) => new Date(`${day}T00:00:00Z`);
const plain = (date) => date.toISOString().slice(0, 10);
export const later = (day, n) => plain(new Date(parse(day).getTime() + n * DAY));
export const weekday = (day) => (parse(day).getUTCDay() + 6) % 7; // 0: Monday
export const monday = (day) => later(day, -weekday(day));
export const firstOf = (day) => day.slice(0, 8) + "01";
export const monthsLater = (day, n) => {
  const date = parse(firstOf(day));
  date.setUTCMonth(date.getUTCMonth() + n);
  return plain(date);
};

/** The number of a week as ISO 8601 counts: the week that holds the year's first Thursday is the first. */
export function week(day) {
  const thursday = later(monday(day), 3);
  const first = parse(`${thursday.slice(0, 4)}-01-01`);
  return 1 + Math.floor((parse(thursday) - first) / DAY / 7);
}

export const days = (first, n) => Array.from({ length: n }, (_, i) => later(first, i));

// ── Elements ────────────────────────────────────────────────────────────────────────────────────────────────

/** An element with its attributes, its listeners ("onclick") and what is in it: elements, or words. */
function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...inside.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

const typing = (target) => !!target.closest("input, textarea, select");

// ── The page ────────────────────────────────────────────────────────────────────────────────────────────────

function render({ model, el }) {
  const ui = new Board(model, el);
  const redraw = () => ui.draw();
  const heard = (message) => ui.heard(message);
  for (const name of ["page", "slots", "checks", "desk"]) model.on(`change:${name}`, redraw);
  model.on("msg:custom", heard);
  const watch = new ResizeObserver(() => ui.fitted());
  watch.observe(el);
  ui.draw();
  return () => {
    watch.disconnect();
    clearInterval(ui.ticking);
    for (const name of ["page", "slots", "checks", "desk"]) model.off(`change:${name}`, redraw);
    model.off("msg:custom", heard);
  };
}

class Board {
  constructor(model, el) {
    this.model = model;
    this.waiting = new Map(); // token → what to do with the answer
    this.token = 0;
    this.narrow = el.clientWidth > 0 && el.clientWidth < NARROW;
    this.view = "week";
    const page = model.get("page");
    this.at = { day: page.start && (page.today < page.start || page.today > page.end) ? page.start : page.today, hour: 9, slot: null };
    this.root = make("div", {
      class: "cm-plan", lang: page.lang, "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
      onkeydown: (event) => this.pressed(event),
    });
    this.bar = make("div", { class: "cm-bar" });
    this.live = make("p", { class: "cm-live", role: "status", "aria-live": "polite" });
    this.state = make("p", { class: "cm-state" });
    this.table = make("div", { class: "cm-table" });
    this.about = make("section", { class: "cm-about" });
    this.told = make("section", { class: "cm-told", "aria-live": "polite" });
    this.between = make("section", { class: "cm-between" });
    this.root.append(this.bar, make("div", { class: "cm-news" }, this.state, this.live), this.between, this.table, this.about, this.told);
    el.append(this.root);
    this.table.addEventListener("focusin", (event) => this.focused(event.target));
  }

  // What is known

  get page() { return this.model.get("page"); }
  get slots() { return this.model.get("slots"); }
  get desk() { return this.model.get("desk"); }
  get readonly() { return this.page.readonly; }
  slot(id) { return id ? this.slots.find((one) => one.slot_id === id) : undefined; }
  get current() { return this.slot(this.at.slot); }

  say(key, values = {}) {
    const { words, lang } = this.page;
    const form = words[key] === undefined ? new Intl.PluralRules(lang).select(values.n ?? 0) : "";
    const said = words[key] ?? words[`${key}.${form}`] ?? words[`${key}.other`] ?? key;
    return said.replace(/\{(\w+)\}/g, (whole, name) =>
      values[name] === undefined ? whole : typeof values[name] === "number" ? this.number(values[name]) : String(values[name]));
  }

  number(value) { return new Intl.NumberFormat(this.page.lang === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: value < 100 ? 1 : 0 }).format(value); }
  written(day, options) { return new Intl.DateTimeFormat(this.page.lang === "fr" ? "fr-FR" : "en-GB", { timeZone: "UTC", ...options }).format(parse(day)); }
  long(day) { return this.written(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" }); }
  clock(time) { return this.page.clock.replace("{hour}", time.slice(0, 2)).replace("{minute}", time.slice(3)); }
  hour(hour) { return this.say("hour", { h: this.page.lang === "fr" ? String(hour) : String(hour).padStart(2, "0") }); }
  network(name) { return this.page.networks[name] ?? name; }
  checks(id) { return this.model.get("checks").filter((one) => one.slot === id || (one.other && one.other === id)); }

  // Where one is

  get agenda() { return this.narrow; }
  get first() { return this.view === "week" ? monday(this.at.day) : firstOf(this.at.day); }
  get shown() {
    if (this.view === "week") return days(this.first, 7);
    if (this.agenda) return days(this.first, Math.round((parse(monthsLater(this.first, 1)) - parse(this.first)) / DAY));
    const start = monday(this.first), end = later(monday(later(monthsLater(this.first, 1), -1)), 6);
    return days(start, Math.round((parse(end) - parse(start)) / DAY) + 1);
  }
  get byHour() { return this.view === "week" && !this.agenda; }
  get hours() {
    const used = this.slots.filter((one) => this.shown.includes(one.day)).map((one) => Number(one.time.slice(0, 2)));
    const first = Math.min(HOURS[0], this.at.hour, ...used), last = Math.max(HOURS[1], this.at.hour, ...used);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
  within(day, hour) {
    return this.slots.filter((one) => one.day === day && (!this.byHour || Number(one.time.slice(0, 2)) === hour));
  }

  go(day, hour, slot, grab = true) {
    this.at = { day, hour, slot };
    this.draw();
    if (grab) this.grab();
  }

  /** To the first slot of a cell, or to the cell itself where it is free; "last": to its last one. */
  enter(day, hour, last = false) {
    const there = this.within(day, hour);
    const slot = last ? there.at(-1) : there[0];
    this.go(day, slot ? Number(slot.time.slice(0, 2)) : hour, slot ? slot.slot_id : null);
  }

  seek(id, grab = true) {
    const found = this.slot(id);
    if (found) this.go(found.day, Number(found.time.slice(0, 2)), id, grab);
  }

  across(n) { this.enter(later(this.at.day, n), this.at.hour); }

  along(n) {
    const there = this.within(this.at.day, this.at.hour);
    const next = there.findIndex((one) => one.slot_id === this.at.slot) + n;
    if (this.at.slot && there[next]) return this.seek(there[next].slot_id);
    if (!this.byHour) return this.enter(later(this.at.day, this.agenda ? n : 7 * n), this.at.hour, n < 0);
    const hour = this.at.hour + n;
    return hour < 0 || hour > 23 ? undefined : this.enter(this.at.day, hour, n < 0);
  }

  turn(n) {
    const day = this.view === "week" ? later(this.at.day, 7 * n) : monthsLater(this.at.day, n);
    this.enter(day, this.at.hour);
  }

  focused(target) {
    const cell = target.closest("[data-day]");
    if (!cell || this.drawing) return;
    const card = target.closest("[data-slot]");
    const at = { day: cell.dataset.day, hour: Number(cell.dataset.hour ?? this.at.hour), slot: card ? card.dataset.slot : null };
    if (at.day === this.at.day && at.hour === this.at.hour && at.slot === this.at.slot) return;
    this.at = at;
    for (const one of this.table.querySelectorAll("[tabindex='0']")) one.tabIndex = -1;
    (card ?? cell).tabIndex = 0;
    this.drawBar();
    this.drawAbout();
  }

  spot() {
    const all = [...this.table.querySelectorAll(this.at.slot ? "[data-slot]" : "[data-day]")];
    return all.find((one) => this.at.slot ? one.dataset.slot === this.at.slot
      : one.dataset.day === this.at.day && (!this.byHour || Number(one.dataset.hour) === this.at.hour));
  }

  grab() {
    const spot = this.spot();
    if (!spot) return;
    spot.focus({ preventScroll: true });
    spot.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  fitted() {
    const narrow = this.root.clientWidth < NARROW;
    if (this.root.clientWidth && narrow !== this.narrow) { this.narrow = narrow; this.draw(); }
  }

  // Asking

  ask(message, then = () => {}) {
    if (this.readonly || this.desk.busy) return;
    this.token += 1;
    this.waiting.set(this.token, then);
    this.model.send({ ...message, token: this.token });
  }

  heard(answer) {
    const then = this.waiting.get(answer.token);
    if (!then) return; // of another view
    this.waiting.delete(answer.token);
    if (then(answer) === true) return;
    if (answer.error) this.tell(answer.error, "error");
    else if (answer.info) this.tell(answer.info);
    else this.tell("");
    if (answer.slot && !answer.error) this.seek(answer.slot);
  }

  tell(words, level = "info") {
    this.live.textContent = words;
    this.live.className = `cm-live cm-${level}`;
  }

  act(name, extra = {}) {
    if (this.current) this.ask({ do: name, slot: this.at.slot, ...extra });
  }

  remove() {
    const gone = this.current;
    if (gone) this.ask({ do: "delete", slot: gone.slot_id }, (answer) => {
      if (!answer.error) this.enter(gone.day, Number(gone.time.slice(0, 2)));
    });
  }

  /** Planning anew takes a while: how long, is said until it is done. */
  replan() {
    const since = Date.now();
    const tick = () => this.tell(this.say("replanning", { n: Math.round((Date.now() - since) / 1000) }), "busy");
    this.rest();
    this.ask({ do: "replan" }, () => this.rest());
    tick();
    this.ticking = setInterval(tick, 1000);
  }

  rest() {
    clearInterval(this.ticking);
    this.ticking = null;
    this.tell("");
  }

  history() {
    this.ask({ do: "history" }, (answer) => {
      if (answer.error) return false;
      const bring = (version) => { this.shut(); this.ask({ do: "restore", version }); };
      const lines = answer.versions.map((one) => make("li", {}, make("span", {}, this.say("until", { when: one.when })), " ",
        this.button("restore", () => bring(one.version))));
      this.open("versions", lines.length ? make("ol", { class: "cm-versions" }, lines) : make("p", {}, this.say("no_version")));
      return true;
    });
  }

  // Keys

  pressed(event) {
    const meta = event.ctrlKey || event.metaKey, key = event.key;
    if (event.target.closest("dialog")) return this.pressedInside(event, meta, key);
    if (typing(event.target)) return;
    const done = meta ? this.pressedWith(key, event) : event.altKey ? this.pressedAlt(key, event) : this.pressedPlain(key, event);
    if (done) { event.preventDefault(); event.stopPropagation(); }
  }

  pressedInside(event, meta, key) {
    event.stopPropagation();
    if (meta && (key.toLowerCase() === "s" || key === "Enter")) {
      event.preventDefault();
      this.dialog.querySelector("form")?.requestSubmit();
    }
  }

  pressedWith(key, event) {
    const name = key.toLowerCase();
    if (this.readonly) return false;
    if (name === "s") this.ask({ do: "save" });
    else if (name === "y" || (name === "z" && event.shiftKey)) this.ask({ do: "redo" });
    else if (name === "z") this.ask({ do: "undo" });
    else return false;
    return true;
  }

  pressedAlt(key, event) {
    const by = event.shiftKey ? 15 : 60;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (!steps[key] || !this.inTable(event)) return false;
    const [days, minutes] = steps[key];
    this.act("step", { days, minutes });
    return true;
  }

  inTable(event) { return this.table.contains(event.target); }

  pressedPlain(key, event) {
    const moves = {
      ArrowLeft: () => this.across(-1), ArrowRight: () => this.across(1), ArrowUp: () => this.along(-1), ArrowDown: () => this.along(1),
      Home: () => this.enter(monday(this.at.day), this.at.hour), End: () => this.enter(later(monday(this.at.day), 6), this.at.hour),
      PageUp: () => this.turn(-1), PageDown: () => this.turn(1),
    };
    const letters = { t: () => this.enter(this.page.today, this.at.hour), m: () => this.turnView(), "?": () => this.help() };
    const edits = {
      n: () => this.editor(null), f: () => this.act("fix"), a: () => this.act("approve"),
      Delete: () => this.remove(), Backspace: () => this.remove(),
    };
    const one = event.shiftKey && key !== "?" ? undefined
      : (this.inTable(event) ? moves[key] : undefined) ?? letters[key.toLowerCase()] ?? (this.readonly ? undefined : edits[key] ?? edits[key.toLowerCase()]);
    if (one) { one(); return true; }
    if ((key === "Enter" || key === " ") && this.inTable(event) && !event.target.closest("button")) {
      if (this.current || !this.readonly) this.editor(this.current ?? null);
      return true;
    }
    return false;
  }

  turnView() {
    this.view = this.view === "week" ? "month" : "week";
    this.draw();
    this.grab();
  }

  // Drawing

  draw() {
    const held = this.table.contains(document.activeElement), inside = this.root.contains(document.activeElement);
    this.root.lang = this.page.lang;
    this.root.classList.toggle("cm-narrow", this.narrow);
    this.root.classList.toggle("cm-busy", !!this.desk.busy);
    if (this.ticking && this.begun && !this.desk.busy) this.rest();
    this.begun = !!this.desk.busy;
    const now = this.current;
    if (this.at.slot && !now) this.at.slot = null;
    if (now) this.at = { day: now.day, hour: Number(now.time.slice(0, 2)), slot: now.slot_id };
    this.drawing = true;
    this.drawBar();
    this.drawBetween();
    this.drawTable();
    this.drawAbout();
    this.drawTold();
    this.drawing = false;
    if (held || (inside && !this.root.contains(document.activeElement))) this.grab(); // not from under the finger
  }

  button(key, act, { on = true, style = "", label = null, pressed = null } = {}) {
    return make("button", {
      type: "button", class: `cm-button ${style}`, disabled: !on, onclick: act, "data-do": key,
      "aria-label": label, title: label, "aria-pressed": pressed,
    }, style.includes("cm-arrow") ? (key === "earlier" ? "‹" : "›") : this.say(key));
  }

  drawBar() {
    const focus = this.bar.contains(document.activeElement) ? document.activeElement.dataset.do : null;
    const turn = make("div", { class: "cm-turn" },
      this.button("earlier", () => this.leaf(-1), { style: "cm-arrow", label: this.say("earlier") }),
      this.button("today", () => this.enter(this.page.today, this.at.hour)),
      this.button("later", () => this.leaf(1), { style: "cm-arrow", label: this.say("later") }),
      make("h3", { class: "cm-when", "aria-live": "polite" }, this.heading()),
      make("div", { class: "cm-views", role: "group" }, ["week", "month"].map((view) =>
        this.button(`to_${view}`, () => { if (this.view !== view) this.turnView(); }, { pressed: String(this.view === view) }))));
    this.bar.replaceChildren(turn, this.readonly ? "" : this.drawActs());
    this.drawState();
    if (focus) this.bar.querySelector(`[data-do="${CSS.escape(focus)}"]`)?.focus();
  }

  /** By a click: the button keeps the focus. */
  leaf(n) {
    const day = this.view === "week" ? later(this.at.day, 7 * n) : monthsLater(this.at.day, n);
    this.go(day, this.at.hour, this.within(day, this.at.hour)[0]?.slot_id ?? null, false);
  }

  heading() {
    if (this.view === "month") return this.written(this.at.day, { month: "long", year: "numeric" });
    const last = later(this.first, 6), sameYear = last.slice(0, 4) === this.first.slice(0, 4);
    const options = { day: "numeric", month: "short" };
    const span = this.say("span", {
      first: this.written(this.first, sameYear ? (last.slice(0, 7) === this.first.slice(0, 7) ? { day: "numeric" } : options) : { ...options, year: "numeric" }),
      last: this.written(last, { ...options, year: "numeric" }),
    });
    return [make("b", {}, this.say("week", { n: String(week(this.first)) })), " ", make("span", { class: "cm-span" }, span)];
  }

  drawActs() {
    const now = this.current, desk = this.desk, free = !desk.busy;
    const group = (...buttons) => make("div", { class: "cm-group" }, buttons);
    return make("div", { class: "cm-acts", role: "toolbar", "aria-label": this.say("label", { brand: this.page.brand }) },
      group(
        this.button("add", () => this.editor(null), { on: free }),
        this.button("edit", () => this.editor(this.current), { on: free && !!now }),
        this.button(now?.fixed ? "release" : "fix", () => this.act("fix"), { on: free && !!now }),
        this.button("approve", () => this.act("approve"), { on: free && !!now }),
        this.button("delete", () => this.remove(), { on: free && !!now })),
      group(
        this.button("undo", () => this.ask({ do: "undo" }), { on: free && desk.undo }),
        this.button("redo", () => this.ask({ do: "redo" }), { on: free && desk.redo }),
        this.page.can.replan ? this.button("replan", () => this.replan(), { on: free }) : ""),
      group(
        this.button("save", () => this.ask({ do: "save" }), { on: free && desk.unsaved > 0, style: desk.unsaved ? "cm-main" : "" }),
        this.button("history", () => this.history(), { on: free }),
        this.button("help", () => this.help())));
  }

  drawState() {
    const desk = this.desk;
    const words = this.readonly ? this.say("read_only") : desk.unsaved ? this.say("unsaved", { n: desk.unsaved }) : this.say("all_saved", { file: desk.file });
    this.state.textContent = words;
    this.state.classList.toggle("cm-unsaved", desk.unsaved > 0);
  }

  drawTable() {
    const shown = this.shown;
    const table = this.agenda ? this.drawAgenda(shown) : this.view === "week" ? this.drawWeek(shown) : this.drawMonth(shown);
    this.table.replaceChildren(table);
    const spot = this.spot() ?? this.table.querySelector("[data-day]");
    if (spot) spot.tabIndex = 0;
  }

  grid(kind, ...rows) {
    return make("div", { role: "grid", class: `cm-grid-${kind}`, "aria-label": this.say("label", { brand: this.page.brand }), "aria-readonly": String(!!this.readonly) }, rows);
  }

  head(day, style = {}) {
    return make("div", { role: "columnheader", class: `cm-day ${this.marks(day)}`, ...style },
      make("span", { class: "cm-name", "aria-label": this.long(day) },
        make("span", {}, this.written(day, { weekday: "short" })), " ", make("b", {}, this.written(day, { day: "numeric" }))),
      this.notes(day));
  }

  marks(day) {
    const shut = this.page.blackouts.some((one) => one.first <= day && day <= one.last);
    return [day === this.page.today ? "cm-today" : "", weekday(day) > 4 ? "cm-weekend" : "", shut ? "cm-shut" : ""].join(" ");
  }

  notes(day) {
    const falls = (one) => one.first <= day && day <= one.last;
    const note = (one, kind) => make("span", { class: `cm-moment ${kind}`, title: one.name }, one.name);
    return [...this.page.blackouts.filter(falls).map((one) => note(one, "cm-blackout")),
      ...this.page.moments.filter(falls).map((one) => note(one, one.sensitive ? "cm-sensitive" : ""))];
  }

  drawWeek(shown) {
    const corner = make("div", { role: "columnheader", class: "cm-corner" }, make("span", {}, this.say("week_short", { n: String(week(shown[0])) })));
    const rows = this.hours.map((hour) => make("div", { role: "row", class: "cm-row" },
      make("div", { role: "rowheader", class: "cm-hour" }, this.hour(hour)),
      shown.map((day) => this.cell(day, hour))));
    return this.grid("week", make("div", { role: "row", class: "cm-row cm-heads" }, corner, shown.map((day) => this.head(day))), rows);
  }

  drawMonth(shown) {
    const names = shown.slice(0, 7).map((day) => make("div", { role: "columnheader", class: "cm-day" }, this.written(day, { weekday: "short" })));
    const rows = [];
    for (let i = 0; i < shown.length; i += 7) {
      rows.push(make("div", { role: "row", class: "cm-row" },
        make("div", { role: "rowheader", class: "cm-hour", "aria-label": this.say("week", { n: String(week(shown[i])) }) }, this.say("week_short", { n: String(week(shown[i])) })),
        shown.slice(i, i + 7).map((day) => this.cell(day, null))));
    }
    return this.grid("month", make("div", { role: "row", class: "cm-row cm-heads" }, make("div", { role: "columnheader", class: "cm-corner" }), names), rows);
  }

  drawAgenda(shown) {
    return this.grid("agenda", shown.map((day) => make("div", { role: "row", class: "cm-row" },
      make("div", { role: "rowheader", class: `cm-day ${this.marks(day)}` },
        make("span", { class: "cm-name" }, this.written(day, { weekday: "short", day: "numeric", month: "short" })), this.notes(day)),
      this.cell(day, null))));
  }

  cell(day, hour) {
    const inside = this.within(day, hour);
    const time = hour === null ? "" : `, ${this.hour(hour)}`;
    const outside = this.view === "month" && !this.agenda && day.slice(0, 7) !== this.at.day.slice(0, 7);
    const number = this.view === "month" && !this.agenda ? [make("span", { class: "cm-number" }, String(Number(day.slice(8)))), this.notes(day)] : "";
    return make("div", {
      role: "gridcell", class: `cm-cell ${this.marks(day)} ${outside ? "cm-outside" : ""}`, tabindex: -1, "data-day": day, "data-hour": hour,
      "aria-label": `${this.long(day)}${time}: ${inside.length ? this.say("posts", { n: inside.length }) : this.say("empty")}`,
      ondblclick: (event) => { if (!this.readonly && !event.target.closest("[data-slot]")) this.editor(null); },
      ondragover: (event) => { if (this.dragged) { event.preventDefault(); event.currentTarget.classList.add("cm-over"); } },
      ondragleave: (event) => event.currentTarget.classList.remove("cm-over"),
      ondrop: (event) => this.dropped(event, day, hour),
    }, number, inside.map((one) => this.card(one)));
  }

  card(one) {
    const found = this.checks(one.slot_id);
    const level = ["must", "should", "info"].find((name) => found.some((check) => check.level === name)) ?? "";
    const title = one.title || one.pillar || one.piece_label;
    const status = this.page.statuses[one.status] ?? one.status;
    const said = [`${this.clock(one.time)} ${this.network(one.network)}`, title, one.piece_label, status, one.fixed ? this.say("fixed") : "",
      one.edited ? this.say("edited") : "", ...found.map((check) => check.said)].filter(Boolean);
    return make("div", {
      role: "button", class: `cm-card cm-${one.status} ${level ? `cm-has-${level}` : ""}`, tabindex: -1, "data-slot": one.slot_id, "data-network": one.network,
      "aria-label": said.join(", "), title: [`${this.clock(one.time)} ${this.network(one.network)}: ${title}`, ...found.map((check) => `${this.say(`level.${check.level}`)}: ${check.said}`)].join("\n"),
      draggable: this.readonly ? null : "true",
      ondragstart: (event) => { this.dragged = one.slot_id; event.dataTransfer.setData("text/plain", one.slot_id); event.dataTransfer.effectAllowed = "move"; },
      ondragend: () => { this.dragged = null; },
      onclick: (event) => this.clicked(event, one),
      ondblclick: () => this.editor(this.slot(one.slot_id)),
      onpointerdown: (event) => { this.touch = event.pointerType === "touch" && this.at.slot === one.slot_id; },
    },
    make("span", { class: "cm-line" }, make("b", { class: "cm-time" }, this.clock(one.time)), " ", make("span", { class: "cm-network" }, this.network(one.network))),
    make("span", { class: "cm-title" }, make("bdi", {}, title)),
    make("span", { class: "cm-line" },
      make("span", { class: "cm-status" }, make("span", { "aria-hidden": "true" }, `${this.page.glyphs[one.status] ?? ""} `), status),
      make("span", { class: "cm-flags", "aria-hidden": "true" },
        one.edited ? make("span", { class: "cm-flag cm-changed", title: this.say("edited") }, "✎") : "",
        one.fixed ? pin(this.say("fixed")) : "", level ? make("span", { class: `cm-flag cm-${level}` }, level === "info" ? "i" : "!") : "")));
  }

  clicked(event, one) {
    if (this.touch && this.at.slot === one.slot_id) return this.editor(this.slot(one.slot_id));
    this.at = { day: one.day, hour: Number(one.time.slice(0, 2)), slot: one.slot_id };
    event.currentTarget.focus();
  }

  dropped(event, day, hour) {
    event.preventDefault();
    event.currentTarget.classList.remove("cm-over");
    const one = this.slot(this.dragged);
    this.dragged = null;
    if (!one) return;
    const time = hour === null ? one.time : `${String(hour).padStart(2, "0")}${one.time.slice(2)}`;
    if (day !== one.day || time !== one.time) this.ask({ do: "move", slot: one.slot_id, day, time });
  }

  // Beneath: the slot that is chosen, and what the rules say

  drawAbout() {
    const one = this.current;
    if (!one) { this.about.replaceChildren(); return; }
    const range = one.expected === null ? "" : make("p", {}, this.say("expected", {
      value: Math.round(one.expected), low: Math.round(one.low ?? 0), high: Math.round(one.high ?? 0), of: this.page.words[`of.${one.of}`] ?? "" }));
    const lines = [one.piece_label, one.pillar, this.momentName(one.moment), one.owner, one.hours === null ? "" : `${this.number(one.hours)} h`].filter(Boolean);
    this.about.replaceChildren(...[
      make("h4", {}, this.say("selected")),
      make("p", { class: "cm-what" }, make("b", {}, `${this.written(one.day, { weekday: "long", day: "numeric", month: "long" })} ${this.clock(one.time)}`),
        " ", this.network(one.network), one.title ? [" – ", make("bdi", {}, one.title)] : ""),
      make("p", { class: "cm-facts" }, lines.join(" · ")),
      range,
      one.why.length ? make("p", {}, make("span", { class: "cm-label" }, `${this.say("why")}${this.page.lang === "fr" ? "\u00a0" : ""}: `), one.why.join(" · ")) : make("p", { class: "cm-facts" }, this.say("why_not")),
    ].filter(Boolean));
  }

  momentName(key) { return key ? this.page.moments.find((one) => one.key === key)?.name ?? key : ""; }

  drawTold() {
    const all = this.model.get("checks"), words = this.page.words;
    const count = (level) => all.filter((one) => one.level === level).length;
    const summary = ["must", "should", "info"].filter(count).map((level) => this.say(level, { n: count(level) })).join(" · ");
    const key = JSON.stringify([this.page.lang, all, this.slots.map((one) => [one.slot_id, one.day, one.time])]);
    if (key === this.toldKey) return; // so that it is read out only when it is another
    this.toldKey = key;
    const line = (one) => {
      const slot = this.slot(one.slot);
      const where = slot ? `${this.written(slot.day, { weekday: "short", day: "numeric", month: "short" })} ${this.clock(slot.time)} ${this.network(slot.network)}` : "";
      return make("li", { class: `cm-${one.level}` }, make("span", { class: "cm-level" }, words[`level.${one.level}`] ?? one.level), " ",
        where ? [make("button", { type: "button", class: "cm-link", onclick: () => this.seek(one.slot) }, where), " "] : "", make("span", {}, one.said));
    };
    const few = all.slice(0, 12), rest = all.slice(12);
    this.told.replaceChildren(...[
      make("h4", {}, this.say("checks")), make("p", { class: "cm-summary" }, summary || this.say(this.slots.length ? "no_check" : "not_yet")),
      few.length ? make("ul", {}, few.map(line)) : "",
      rest.length ? make("details", {}, make("summary", {}, this.say("many", { n: rest.length })), make("ul", {}, rest.map(line))) : "",
    ].filter(Boolean));
  }

  drawBetween() {
    const found = this.desk.conflict;
    if (!found) { this.between.replaceChildren(); return; }
    const row = (one) => make("tr", {}, make("th", { scope: "row" }, one.slot), make("td", {}, one.mine), make("td", {}, one.theirs));
    const head = ["slot", "mine", "theirs"].map((name) => make("th", { scope: "col" }, this.say(name)));
    this.between.replaceChildren(
      make("h4", {}, this.say("title_of_conflict")), make("p", {}, found.problem),
      make("div", { class: "cm-scroll", tabindex: 0 }, make("table", {}, make("thead", {}, make("tr", {}, head)), make("tbody", {}, found.lines.map(row)))),
      found.more ? make("p", {}, this.say("many", { n: found.more })) : "",
      make("div", { class: "cm-group" },
        this.button("take_theirs", () => this.ask({ do: "theirs" })), this.button("put_mine", () => this.ask({ do: "mine" })),
        this.button("keep_mine", () => this.ask({ do: "later" }))));
  }

  // Dialogs

  open(key, ...inside) {
    this.shut();
    const back = document.activeElement;
    const close = make("button", { type: "button", class: "cm-button cm-close", "aria-label": this.say("close"), title: this.say("close"), onclick: () => this.shut() }, "×");
    this.dialog = make("dialog", { class: "cm-dialog", "aria-label": this.say(key), onclose: () => this.shut() },
      make("div", { class: "cm-top" }, make("h4", {}, this.say(key)), close), ...inside);
    this.back = this.table.contains(back) ? null : back;
    this.root.append(this.dialog);
    this.dialog.showModal();
  }

  shut() {
    const dialog = this.dialog;
    if (!dialog) return;
    this.dialog = null;
    dialog.remove();
    const back = this.back && this.back.isConnected ? this.back : this.back ? this.bar.querySelector(`[data-do="${CSS.escape(this.back.dataset.do ?? "")}"]`) : null;
    if (back && !back.disabled) back.focus(); else this.grab();
  }

  help() {
    const looking = [["arrows", "← → ↑ ↓"], ["home"], ["page", "Page ↑ ↓"], ["t", "T"], ["m", "M"]];
    const working = [["alt_sideways", "Alt ← →"], ["alt_up", "Alt ↑ ↓"], ["enter"], ["n", "N"], ["f", "F"], ["a", "A"], ["delete"],
      ["undo", "Ctrl Z, Ctrl Y"], ["save", "Ctrl S"]];
    const all = [...looking, ...(this.readonly ? [] : working), ["help", "?"]];
    this.open("help", make("ul", { class: "cm-keys" }, all.map(([name, key]) =>
      make("li", {}, make("kbd", {}, key ?? this.say(`press.${name}`)), make("span", {}, this.say(`key.${name}`))))));
  }

  editor(slot) {
    if (slot === undefined || this.desk.busy) return;
    const form = new Form(this, slot);
    this.open(this.readonly ? "selected" : slot ? "editing" : "new", form.made);
    form.ready();
  }
}

function pin(title) {
  const name = "http://www.w3.org/2000/svg", svg = document.createElementNS(name, "svg"), path = document.createElementNS(name, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "cm-flag cm-pin");
  path.setAttribute("d", "M5 1h6v1.4l-1 .8v3.4l2.2 2.2V10H8.7v5L8 16l-.7-1v-5H3.8V8.8L6 6.6V3.2l-1-.8z");
  const label = document.createElementNS(name, "title");
  label.textContent = title;
  svg.append(label, path);
  return svg;
}

// ── All fields of a slot ────────────────────────────────────────────────────────────────────────────────────

class Form {
  constructor(board, slot) {
    this.board = board;
    this.slot = slot;
    const page = board.page, last = board.slots.at(-1), account = page.accounts[0] ?? { network: "", account: "" };
    this.was = slot ?? {
      day: board.at.day, time: `${String(board.at.hour).padStart(2, "0")}:00`, network: account.network, account: account.account,
      piece: last?.piece || (page.pieces[0]?.piece ?? ""), pillar: "", moment: "", title: "", text: "", link: "", alt_text: "",
      owner: page.owners.length === 1 ? page.owners[0] : "", status: "idea", hours: null,
    };
    this.fields = {};
    this.wrong = make("p", { class: "cm-wrong", role: "alert" });
    this.counter = make("span", { class: "cm-counter", id: `cm-counter-${board.token}` });
    const say = (key) => board.say(key);
    this.made = make("form", { class: "cm-form-slot", method: "dialog", novalidate: true, onsubmit: (event) => { event.preventDefault(); this.sent(); } },
      this.parts(), this.wrong,
      board.readonly ? "" : make("div", { class: "cm-group cm-end" }, make("button", { type: "submit", class: "cm-button cm-main" }, say("apply")),
        make("button", { type: "button", class: "cm-button", onclick: () => board.shut() }, say("cancel"))));
  }

  parts() {
    const { page } = this.board, was = this.was;
    const options = (known, now, none) => {
      const all = none === null ? known : [["", this.board.say(none)], ...known];
      return all.some(([value]) => value === now) ? all : [...all, [now, now]];
    };
    const accounts = page.accounts.map((one) => [`${one.network}\n${one.account}`, `${this.board.network(one.network)} – ${one.label}`]);
    const mine = `${was.network}\n${was.account}`;
    const known = accounts.some(([value]) => value === mine) || !was.network ? accounts : [...accounts, [mine, `${this.board.network(was.network)} – ${was.account}`]];
    const pieces = page.pieces.map((one) => [one.piece, one.kind ? `${one.label} (${one.kind})` : one.label]);
    const moments = page.moments.map((one) => [one.key, `${one.name} (${this.board.written(one.first, { day: "numeric", month: "short" })})`]);
    return [
      make("div", { class: "cm-fields cm-short" },
        this.field("day", make("input", { type: "date", required: true, value: was.day })), this.field("time", make("input", { type: "time", step: 60, required: true, value: was.time })),
        this.field("status", choice(options(Object.entries(page.statuses), was.status, null), was.status)),
        this.field("hours", make("input", { type: "number", min: 0, step: 0.25, inputmode: "decimal", value: was.hours ?? "" }))),
      make("div", { class: "cm-fields" },
        this.field("account", choice(known, mine)), this.field("piece", choice(options(pieces, was.piece, was.piece ? null : "none"), was.piece)),
        this.field("pillar", choice(options(page.pillars.map((one) => [one, one]), was.pillar, "none"), was.pillar)),
        this.field("moment", choice(options(moments, was.moment, "none"), was.moment)),
        this.field("owner", choice(options(page.owners.map((one) => [one, one]), was.owner, "nobody"), was.owner))),
      this.field("title", make("input", { type: "text", maxlength: 500, value: was.title })),
      this.field("text", make("textarea", { rows: 6, value: was.text, oninput: () => this.count(), "aria-describedby": this.counter.id }), this.counter),
      this.field("link", make("input", { type: "url", inputmode: "url", maxlength: 2000, value: was.link, placeholder: this.board.readonly ? "" : "https://", oninput: () => this.count() })),
      this.field("alt_text", make("textarea", { rows: 2, value: was.alt_text })),
    ];
  }

  field(name, input, note = "") {
    this.fields[name] = input;
    input.disabled = !!this.board.readonly;
    input.setAttribute("name", name);
    if (name === "account") input.addEventListener("change", () => this.count());
    if (name === "piece") input.addEventListener("change", () => this.worked());
    return make("label", { class: `cm-field cm-f-${name}` }, make("span", { class: "cm-label" }, this.board.say(`field.${name}`), " ", note), input);
  }

  ready() {
    this.fields[this.slot ? "title" : "account"].focus();
    this.count(0);
  }

  get values() {
    const value = (name) => this.fields[name].value;
    const [network, account] = value("account").split("\n");
    const hours = value("hours") === "" ? null : Number(value("hours"));
    const plainly = ["day", "time", "status", "piece", "pillar", "moment", "owner", "title", "text", "link", "alt_text"].map((name) => [name, value(name)]);
    return { ...Object.fromEntries(plainly), network, account: account ?? "", hours };
  }

  /** Another piece asks for other hours. */
  worked() {
    const piece = this.board.page.pieces.find((one) => one.piece === this.fields.piece.value);
    if (piece) this.fields.hours.value = piece.hours;
  }

  sent() {
    const now = this.values, board = this.board;
    const changed = Object.fromEntries(Object.entries(now).filter(([name, value]) => !this.slot || value !== this.was[name]));
    if ("day" in changed || "time" in changed) Object.assign(changed, { day: now.day, time: now.time });
    if ("network" in changed || "account" in changed) Object.assign(changed, { network: now.network, account: now.account });
    if (!this.slot && now.hours === null) delete changed.hours;
    if (!Object.keys(changed).length) return board.shut();
    const message = this.slot ? { do: "edit", slot: this.slot.slot_id, fields: changed } : { do: "add", fields: changed };
    board.ask(message, (answer) => {
      if (answer.error) { this.wrong.textContent = answer.error; return true; }
      this.board.back = null;
      if (answer.slot) { board.at.slot = answer.slot; }
      board.shut();
      return false;
    });
  }

  /** How long the text is, as its network counts: Python says it, when nothing was typed for a moment. */
  count(wait = 200) {
    clearTimeout(this.counting);
    this.counting = setTimeout(() => {
      const [network] = this.fields.account.value.split("\n"), text = this.fields.text.value, link = this.fields.link.value;
      if (this.board.readonly) return;
      this.board.ask({ do: "count", network, text, link }, (answer) => {
        if (!answer.error) {
          this.counter.textContent = answer.most === null ? this.board.say("counted", { n: answer.n }) : this.board.say("counted_of", { n: answer.n, most: answer.most });
          this.counter.classList.toggle("cm-too-long", answer.most !== null && answer.n > answer.most);
        }
        return true;
      });
    }, wait);
  }
}

function choice(options, now) {
  const made = make("select", {}, options.map(([value, label]) => make("option", { value }, label)));
  made.value = now;
  return made;
}

export default { render };
