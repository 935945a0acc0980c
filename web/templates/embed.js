// <yuansou-search query="元宇宙"></yuansou-search>: results on any page. docs/use/embed.md describes it.
//
// No innerHTML, no inline style, no cookie, no storage: a page needs script-src and connect-src of
// this site and nothing else. This is a template: web/pages/widget.py gives it the settings and strings of the site.
(() => {
  const SITE = {{ site | tojson }};

  // In a module currentScript is null; its element can be found.
  const script = document.currentScript ?? document.querySelector('script[type="module"][src*="/embed.js"]');
  const BASE = new URL(".", script.src);
  const NAME = "yuansou-search";
  if (customElements.get(NAME)) return;

  const MOST = 20;
  const DEFAULT_SIZE = 5;
  const WAIT = 150; // ms before 正在搜索… is shown: most answers are faster, and a flicker disturbs

  const DARK = `
  color-scheme: dark; --paper: #1e1d1b; --ink: #ece8e3; --soft: #aaa39a; --line: #4a463f;
  --link: #8ab4f8; --visited: #c9a3e6; --mark: #483a0c;
`;
  const STYLE = `
:host {
  all: initial; display: block; box-sizing: border-box; font-family: inherit; font-size: inherit;
  line-height: 1.6; color-scheme: light;
  --paper: #fff; --ink: #1d1b19; --soft: #5f5a54; --line: #e4dfd8; --link: #174ea6;
  --visited: #6b2f8a; --mark: #ffe9a8;
  background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 12px;
  padding: .9em 1.1em; overflow-wrap: anywhere;
}
:host([hidden]) { display: none; }
:host([theme="dark"]) { ${DARK} }
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) { ${DARK} }
}
[hidden] { display: none !important; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
form { display: flex; }
form + .status:not(:empty) { margin-top: .7em; }
input, button { font: inherit; min-height: 2.6em; box-sizing: border-box; }
input {
  flex: 1; min-width: 0; padding: 0 .8em; color: inherit; background: var(--paper);
  border: 1px solid var(--soft); border-right: 0; border-radius: 8px 0 0 8px;
}
button { padding: 0 1.1em; font-weight: 600; color: #fff; background: #a61b29; border: 0; border-radius: 8px; cursor: pointer; }
button:hover { background: #8a1522; }
form button { border-radius: 0 8px 8px 0; white-space: nowrap; }
p, ol { margin: 0; padding: 0; }
.status, .note { color: var(--soft); font-size: .88em; }
.retry { margin-top: .5em; }
ol { list-style: none; }
ol[aria-busy="true"] { opacity: .55; }
li { padding: .7em 0; border-bottom: 1px solid var(--line); }
li:last-child { border-bottom: 0; }
.title { font-size: 1.05em; font-weight: 600; line-height: 1.45; }
.title a:visited { color: var(--visited); }
.meta { display: flex; flex-wrap: wrap; gap: 0 .9em; color: var(--soft); font-size: .86em; }
.snippet {
  font-size: .94em; margin-top: .15em;
  display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden;
}
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.title mark { background: none; }
.all { border-top: 1px solid var(--line); padding-top: .6em; font-size: .9em; }
`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  // While an input method composes, Enter confirms a candidate and must not search. Safari sends that
  // Enter after the composition has ended, with key code 229.
  const composing = (event) => event.isComposing || event.keyCode === 229;

  const say = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const number = (count) => count.toLocaleString("en");

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  // Marks count code points; a string of JavaScript counts UTF-16 units.
  function marked(text, marks) {
    const points = Array.from(text);
    const parts = [];
    let position = 0;
    for (const [start, end] of marks) {
      parts.push(points.slice(position, start).join(""));
      parts.push(element("mark", "", points.slice(start, end).join("")));
      position = end;
    }
    parts.push(points.slice(position).join(""));
    return parts;
  }

  const trouble = (sentence, again) => Object.assign(new Error(sentence.trim()), { again });

  function address(path, values) {
    const made = new URL(path, BASE);
    for (const [name, value] of Object.entries(values)) {
      if (value !== null) made.searchParams.set(name, value);
    }
    return made;
  }

  // The article's page on this site, scrolled to the first match; else the original; else null.
  function linkOf(hit, q) {
    const link = hit.page ?? hit.url;
    if (!/^https?:/i.test(link ?? "")) return null;
    const made = new URL(link);
    if (hit.page && q) {
      made.searchParams.set("q", q);
      made.hash = SITE.match;
    }
    return made.href;
  }

  function row(hit, q) {
    const link = linkOf(hit, q);
    const title = element("p", "title");
    const words = marked(hit.title, hit.title_marks);
    if (link) {
      const anchor = element("a", "", ...words);
      anchor.href = link;
      anchor.rel = "noopener";
      title.append(anchor);
    } else title.append(...words);
    const meta = element("p", "meta");
    if (hit.source) meta.append(element("span", "", hit.source));
    if (hit.published_at) {
      const time = element("time", "", hit.published_at.slice(0, 10));
      const given = hit.date_origin === "given";
      time.dateTime = given ? hit.published_at : time.textContent;
      meta.append(given ? time : element("span", "", time, ` ${SITE.text.estimated}`));
    }
    if (hit.missing.length) meta.append(element("span", "", say(SITE.text.missing, { words: hit.missing.join("、") })));
    if (!hit.snippet) return element("li", "", title, meta);
    return element("li", "", title, meta, element("p", "snippet", ...marked(hit.snippet, hit.snippet_marks)));
  }

  let boxes = 0;

  class YuansouSearch extends HTMLElement {
    static observedAttributes = ["query", "sort", "size", "source", "partial", "search-box"];

    #root = this.attachShadow({ mode: "open" });
    #query = "";
    #form = null;
    #input = null;
    #status = element("p", "status");
    #note = element("p", "note");
    #retry = element("button", "retry", SITE.text.retry);
    #list = element("ol");
    #all = element("p", "all");
    #asking = null;
    #planned = false;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [sheet];
      this.#status.setAttribute("role", "status");
      this.#list.setAttribute("role", "list"); // Safari forgets it where no bullets are shown
      this.#retry.type = "button";
      this.#retry.addEventListener("click", () => this.#retryNow());
      // Titles are Chinese, whatever the language of the page around them.
      const results = element("div", "", this.#note, this.#list);
      results.lang = "zh-CN";
      const body = element("div", "", this.#status, this.#retry, results, this.#all);
      body.lang = SITE.language;
      this.#root.append(body);
      this.#clear();
    }

    connectedCallback() {
      this.#plan();
    }

    disconnectedCallback() {
      this.#asking?.abort();
    }

    attributeChangedCallback(name, before, after) {
      if (name === "query") this.#query = (after ?? "").trim();
      if (before !== after) this.#plan();
    }

    // Several attributes that change together are one search.
    #plan() {
      if (this.#planned) return;
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (!this.isConnected) return;
        this.#fitBox();
        this.#search();
      });
    }

    #fitBox() {
      const wanted = this.hasAttribute("search-box");
      if (wanted && !this.#form) this.#makeBox();
      if (!this.#form) return;
      this.#form.hidden = !wanted;
      this.#input.value = this.#query;
    }

    #makeBox() {
      boxes += 1;
      this.#input = element("input");
      this.#input.type = "search";
      this.#input.maxLength = SITE.longest;
      this.#input.autocomplete = "off";
      this.#input.spellcheck = false;
      this.#input.enterKeyHint = "search";
      this.#input.setAttribute("aria-label", SITE.text.words);
      this.#input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && composing(event)) event.preventDefault();
      });
      const button = element("button", "", SITE.text.search);
      this.#form = element("form", "", this.#input, button);
      this.#form.setAttribute("role", "search");
      // Landmarks of one page need names of their own.
      this.#form.setAttribute("aria-label", SITE.text.box + (boxes > 1 ? ` ${boxes}` : ""));
      this.#form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#query = this.#input.value.trim();
        this.#search();
      });
      this.#status.before(this.#form);
    }

    get #size() {
      const asked = Number.parseInt(this.getAttribute("size"), 10);
      return Number.isNaN(asked) ? DEFAULT_SIZE : Math.min(Math.max(asked, 1), MOST);
    }

    #asked() {
      return {
        q: this.#query || null,
        sort: this.getAttribute("sort") || null,
        source: this.getAttribute("source") || null,
      };
    }

    async #search() {
      this.#asking?.abort();
      // With a search box, wait for the visitor; without one, no query means the newest articles.
      if (!this.#query && this.hasAttribute("search-box")) return this.#clear();
      const asking = new AbortController();
      this.#asking = asking;
      this.#list.setAttribute("aria-busy", "true");
      const late = setTimeout(() => this.#tell(SITE.text.searching), WAIT);
      try {
        const answer = await this.#fetch(asking.signal);
        if (this.#asking === asking) this.#show(answer);
      } catch (error) {
        if (this.#asking === asking && error.name !== "AbortError") this.#fail(error);
      } finally {
        clearTimeout(late);
      }
    }

    // Failures are thrown as a sentence for the visitor; `again`: trying again may help.
    async #fetch(signal) {
      const partial = this.getAttribute("partial") === "1" ? "1" : "0";
      const values = { ...this.#asked(), per_page: this.#size, facets: "", partial };
      let answer;
      try {
        answer = await fetch(address("api/v1/search", values), {
          signal,
          credentials: "omit",
          referrerPolicy: "no-referrer",
        });
      } catch (error) {
        throw error.name === "AbortError" ? error : trouble(SITE.text.unreachable, true);
      }
      const body = await answer.json().catch(() => ({}));
      if (answer.ok && body.hits) return body;
      // The message of a 503 is for the owner of this site, not for visitors of another page.
      const { message, hint } = (answer.status < 500 && body.error) || { message: SITE.text.away };
      throw trouble([message, hint].join(" "), answer.status !== 400);
    }

    #show({ total, query, hits }) {
      this.#clear();
      const q = query.q;
      const found = total ? SITE.text.found : q ? SITE.text.nothing : SITE.text.empty;
      this.#tell(say(found, { n: number(total), q }));
      const notes = [];
      if (query.corrected_from) notes.push(say(SITE.text.corrected, { q, typed: query.corrected_from }));
      this.#note.textContent = notes.join(" ");
      this.#note.hidden = !notes.length;
      this.#list.replaceChildren(...hits.map((hit) => row(hit, q)));
      this.#list.hidden = !hits.length;
      if (total) this.#link(total);
    }

    #link(total) {
      const link = element("a", "", say(SITE.text.all, { n: number(total) }));
      link.href = address("search", this.#asked());
      link.rel = "noopener";
      this.#all.replaceChildren(link);
      this.#all.hidden = false;
    }

    #fail({ message, again }) {
      this.#clear();
      this.#tell(message);
      this.#retry.hidden = !again;
    }

    #retryNow() {
      // The button disappears; move the focus to the status first.
      this.#status.tabIndex = -1;
      this.#status.focus();
      this.#retry.hidden = true;
      this.#search();
    }

    #tell(message) {
      this.#status.textContent = message;
    }

    #clear() {
      this.#tell("");
      this.#list.removeAttribute("aria-busy");
      for (const part of [this.#list, this.#all]) part.replaceChildren();
      for (const part of [this.#note, this.#retry, this.#list, this.#all]) part.hidden = true;
    }
  }

  customElements.define(NAME, YuansouSearch);
})();
