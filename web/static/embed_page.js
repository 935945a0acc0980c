// Code and preview follow the choices while they are made. The server writes them, as without this
// script: its page for the choices is asked for, and the part that differs is put in place.

const form = document.getElementById("choices");
const WAIT = 400; // ms after a key

let asking;
let timer;

async function follow() {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  try {
    const answer = await fetch(address, { signal: asking.signal, credentials: "omit" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = document.getElementById("made");
    const code = page.getElementById("code");
    if (code.textContent === document.getElementById("code").textContent) return;
    document.getElementById("code").textContent = code.textContent;
    made.querySelector("yuansou-search").replaceWith(page.querySelector("yuansou-search"));
    history.replaceState(null, "", address);
  } catch {
    // Without the network what was made stays; the button makes it again.
  }
}

form.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(follow, event.target.matches("input:not([type=checkbox])") ? WAIT : 0);
});
form.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(follow, WAIT);
});
