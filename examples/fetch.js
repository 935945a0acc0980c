// Searches from a page of another origin. No key is needed, no cookie is sent.

const SITE = "http://127.0.0.1:8000/";

const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
const list = document.querySelector("ol");

async function search(q) {
  const address = new URL("api/v1/search", SITE);
  address.search = new URLSearchParams({ q, per_page: 5, facets: "" });
  const answer = await fetch(address, { credentials: "omit" });
  const body = await answer.json();
  // An error is one sentence for people, and a code that never changes for programs.
  if (!answer.ok) throw new Error(body.error.message);
  return body;
}

// Marks are [start, end) in Unicode code points; a string of JavaScript counts UTF-16 units, in
// which an emoji is two. So the text is taken apart into code points first.
function marked(text, marks) {
  const points = Array.from(text);
  const parts = [];
  let position = 0;
  for (const [start, end] of marks) {
    const mark = document.createElement("mark");
    mark.textContent = points.slice(start, end).join("");
    parts.push(points.slice(position, start).join(""), mark);
    position = end;
  }
  return [...parts, points.slice(position).join("")];
}

function row(hit) {
  const link = document.createElement(hit.page ?? hit.url ? "a" : "span");
  if (hit.page ?? hit.url) link.href = hit.page ?? hit.url;
  link.append(...marked(hit.title, hit.title_marks));
  const snippet = document.createElement("p");
  snippet.append(...marked(hit.snippet, hit.snippet_marks));
  const item = document.createElement("li");
  item.append(link, ` ${hit.source ?? ""} ${hit.published_at?.slice(0, 10) ?? ""}`, snippet);
  return item;
}

async function show() {
  status.textContent = "正在搜索…";
  try {
    const { total, hits } = await search(form.elements.q.value);
    status.textContent = `找到 ${total} 条结果`;
    list.replaceChildren(...hits.map(row));
  } catch (error) {
    status.textContent = error.message;
    list.replaceChildren();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
show();
