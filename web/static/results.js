// What the results page does better with a script: similar articles open in place, the filters of a
// phone stay open while several are chosen, and sources are seen less. Nothing needs it.

const list = document.querySelector(".list");
const facets = document.getElementById("facets");

async function read(address) {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

// ---- Similar articles ----

async function openSimilar(link) {
  const hit = link.closest(".hit");
  let place = hit.querySelector(".similar-here");
  if (!place) {
    const found = (await read(link.href)).querySelector("#similar ul");
    place = document.createElement("div");
    place.className = "similar-here";
    if (found) place.append(found);
    else place.textContent = list.dataset.noSimilar;
    place.hidden = true;
    hit.append(place);
  }
  place.hidden = !place.hidden;
  link.setAttribute("aria-expanded", String(!place.hidden));
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.to-similar");
  if (!link || !plain(event)) return;
  event.preventDefault();
  try {
    await openSimilar(link);
  } catch {
    location.href = link.href;
  }
});

// ---- Filters of a phone ----

const sheetIsOpen = () => facets?.matches(":popover-open");
let changed = false;

function opened(root) {
  return new Set([...root.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
}

/** Shows another page of results below the open sheet, and its filters in the sheet. */
async function narrow(link) {
  const name = link.querySelector(".value").textContent;
  const facet = link.closest(".facet").querySelector("summary").textContent;
  const page = await read(link.href);
  const next = page.getElementById("facets");
  if (!next) throw new Error("no filters");
  const open = opened(facets);
  for (const details of next.querySelectorAll("details")) details.open = open.has(details.querySelector("summary").textContent);
  facets.replaceChildren(...next.childNodes);
  list.replaceChildren(...page.querySelector(".list").childNodes);
  history[changed ? "replaceState" : "pushState"](null, "", link.href);
  changed = true;
  document.dispatchEvent(new Event("results"));
  const rows = [...facets.querySelectorAll(".facet")].find((each) => each.querySelector("summary").textContent === facet);
  [...(rows?.querySelectorAll("li a") ?? [])].find((each) => each.querySelector(".value").textContent === name)?.focus();
}

facets?.addEventListener("click", async (event) => {
  const link = event.target.closest(".filters li a");
  if (!link || !plain(event) || !sheetIsOpen()) return;
  event.preventDefault();
  try {
    await narrow(link);
  } catch {
    location.href = link.href;
  }
});
addEventListener("popstate", () => changed && location.reload());
matchMedia("(min-width: 56.01rem)").addEventListener("change", () => sheetIsOpen() && facets.hidePopover());

// ---- Sources that are seen less ----

const STORED = "less";

function lessSeen() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(stored) ? stored.filter((source) => typeof source === "string") : [];
  } catch {
    return [];
  }
}

function keep(sources) {
  try {
    if (sources.length) localStorage.setItem(STORED, JSON.stringify(sources));
    else localStorage.removeItem(STORED);
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
  show(sources);
}

function show(sources) {
  for (const hit of document.querySelectorAll(".hit")) hit.classList.toggle("less", sources.includes(hit.dataset.source));
  list.querySelector(".less-note")?.remove();
  if (!sources.length) return;
  const note = document.createElement("p");
  note.className = "read less-note";
  note.append(list.dataset.less);
  for (const source of sources) {
    const back = document.createElement("button");
    back.type = "button";
    back.textContent = `${source} ×`;
    back.setAttribute("aria-label", list.dataset.lessBack.replace("{source}", source));
    back.addEventListener("click", () => keep(sources.filter((other) => other !== source)));
    note.append(back);
  }
  list.querySelector(".count").after(note);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-less]");
  if (!button) return;
  const { source } = button.closest(".hit").dataset;
  keep([...new Set([...lessSeen(), source])]);
});
document.addEventListener("results", () => show(lessSeen()));
show(lessSeen());
