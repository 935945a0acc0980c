// What the page does better with a script: suggestions, keys, colours, copying. Nothing needs it.

const box = document.getElementById("q");

// An input method is composing: its Enter and letters are not ours. Safari sends the Enter that
// confirms a candidate after the composition has ended, with key code 229.
const composing = (event) => event.isComposing || event.keyCode === 229;

const typing = (element) =>
  element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

// ---- Suggestions: the combobox pattern of the ARIA practices guide, list autocomplete ----

const WAIT = 80; // ms after a key
const WAIT_COMPOSING = 350; // on Android every word is composed: its end may never be told

class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.label);
    this.list.hidden = true;
    input.form.append(this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    this.close();
    this.answers = new Map();
    input.addEventListener("input", (event) => this.later(event.isComposing ? WAIT_COMPOSING : WAIT));
    input.addEventListener("compositionend", () => this.later(0));
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The box must not lose the focus before the click has arrived.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.typed = this.input.value;
    if (!typed) return this.close();
    try {
      const found = this.answers.get(typed) ?? (await this.fetch(typed));
      this.answers.set(typed, found);
      if (typed === this.input.value.trim() && document.activeElement === this.input) this.show(found);
    } catch (error) {
      // Suggestions are a courtesy: without the network the box still searches.
      if (error.name !== "AbortError") this.close();
    }
  }

  async fetch(typed) {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = `${this.input.dataset.suggest}?q=${encodeURIComponent(typed)}`;
    const answer = await fetch(address, { signal: this.asking.signal, credentials: "omit" });
    return answer.ok ? (await answer.json()).suggestions : [];
  }

  show(found) {
    const rows = found.map((suggestion, number) => {
      const row = document.createElement("li");
      row.id = `suggestion-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.value = suggestion.text;
      if (suggestion.page) row.dataset.page = suggestion.page;
      const note = document.createElement("span");
      note.className = "note";
      const { articles, title } = this.input.dataset;
      note.textContent =
        suggestion.kind === "title"
          ? title
          : articles.replace("{n}", suggestion.articles.toLocaleString("en"));
      row.append(suggestion.text, " ", note);
      return row;
    });
    this.list.replaceChildren(...rows);
    this.list.hidden = !rows.length;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (composing(event)) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const open = !this.list.hidden;
    const chosen = this.list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.ask();
    } else if (event.key === "Enter") {
      if (open && chosen) {
        event.preventDefault();
        this.take(chosen);
      }
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!open) this.input.value = "";
      else if (chosen) this.input.value = this.typed;
      this.close();
    }
  }

  move(step) {
    const rows = [...this.list.children];
    const chosen = rows.findIndex((row) => row.ariaSelected === "true");
    // One place beyond both ends: what was typed.
    const next = ((chosen + 1 + step + rows.length + 1) % (rows.length + 1)) - 1;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === next)));
    this.input.value = next < 0 ? this.typed : rows[next].dataset.value;
    if (next < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", rows[next].id);
  }

  // A title opens its article; anything else is searched.
  take(row) {
    this.input.value = row.dataset.value;
    this.close();
    if (row.dataset.page) location.assign(row.dataset.page);
    else this.input.form.requestSubmit();
  }
}

// ---- Keys ----

const keys = document.getElementById("keys");
const said = document.getElementById("said");

function step(by) {
  const links = [...document.querySelectorAll(".hit h2 a")];
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  next?.focus();
  next?.closest(".hit").scrollIntoView({ block: "nearest" });
}

function toFilters(event) {
  const opener = document.querySelector(".to-facets");
  if (opener?.offsetParent) opener.click();
  const first = document.querySelector("#filters summary");
  if (!first) return;
  event.preventDefault(); // Firefox would look for the letter in the page
  first.focus();
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || keys.open) return;
  if (event.key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "f") toFilters(event);
  else if (event.key === "?") keys.showModal();
});

document.getElementById("keys-open").addEventListener("click", () => keys.showModal());
document.getElementById("keys-close").addEventListener("click", () => keys.close());

// ---- Colours ----

const theme = document.getElementById("theme");
theme.value = document.documentElement.dataset.theme ?? "auto";
theme.addEventListener("change", () => {
  const chosen = theme.value;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    if (chosen === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", chosen);
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
});

// ---- Menus that lie over the page ----

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.card[open]")) if (menu !== except) menu.open = false;
};

// Before copying, which may open one.
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.card")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest("details.card[open]");
  if (menu) menu.querySelector("summary").focus();
  if (event.key === "Escape") closeMenus();
});

// ---- Copying ----

async function copy(field) {
  const text = field.value ?? field.textContent;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not on https: the text is shown and marked, and the old way is tried.
    field.closest("details")?.setAttribute("open", "");
    field.select?.();
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button || button.dataset.label) return;
  if (!(await copy(document.getElementById(button.dataset.copy)))) return;
  button.style.minWidth = `${button.getBoundingClientRect().width}px`; // what stands beside it keeps its place
  button.dataset.label = button.textContent;
  button.textContent = button.dataset.done;
  said.textContent = button.dataset.done;
  setTimeout(() => {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
    said.textContent = "";
  }, 2000);
});

if (box) new Suggestions(box);
