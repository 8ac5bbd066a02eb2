// Lets the operations of the reference be tried. Without this file the page says the same.
// To be offered a field, an operation needs nothing: {…} of its address and the query are enough.

const BODY_LIMIT = 20000; // characters shown of an answer

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function field(label, id, placeholder) {
  const input = element("input", { id, placeholder, autocomplete: "off", spellcheck: false });
  return [input, element("label", { htmlFor: id }, label, input)];
}

// The first record of the collection in front of {id}, so that there is something to see at once.
async function firstId(path) {
  const answer = await fetch(`${path.split("/{id}")[0]}?limit=1&fields=id`);
  return answer.ok ? (await answer.json()).data[0]?.id ?? "" : "";
}

function pretty(answer, text) {
  const json = /json/.test(answer.headers.get("Content-Type") ?? "");
  const shown = json ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return shown.length > BODY_LIMIT ? `${shown.slice(0, BODY_LIMIT)}\n… cut here` : shown;
}

async function run(url, method, output) {
  output.textContent = "Asking …";
  try {
    const began = performance.now();
    const answer = await fetch(url, { method: method.toUpperCase() });
    const text = await answer.text();
    const took = Math.round(performance.now() - began);
    const fields = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const body = text ? pretty(answer, text) : "";
    output.textContent = `${answer.status} ${answer.statusText} in ${took} ms\n${fields}\n\n${body}`;
  } catch (error) {
    output.textContent = `Nobody answered: ${error.message}`;
  }
}

function enliven(article) {
  const { method, path } = article.dataset;
  const captures = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    const [input, label] = field(name, `${article.id}-${name}`, "");
    return { name, input, label };
  });
  const [query, queryLabel] = field("query", `${article.id}-query`, "limit=2");
  const output = element("output", { tabIndex: 0 });
  const button = element("button", { type: "submit" }, "Run");
  const name = article.querySelector("h3").textContent;
  button.setAttribute("aria-label", `Run: ${name}`);
  output.setAttribute("aria-label", `Answer: ${name}`);

  const curl = article.querySelector("pre.curl code");
  const fetched = element("code");
  curl.parentElement.after(element("pre", { tabIndex: 0 }, fetched));

  const url = () => {
    const filled = captures.reduce((text, capture) => capture.input.value
      ? text.replace(`{${capture.name}}`, encodeURIComponent(capture.input.value)) : text, path);
    return new URL(filled + (query.value ? `?${query.value}` : ""), location.origin).href
      .replaceAll("%7B", "{").replaceAll("%7D", "}").replaceAll("'", "%27");
  };
  const show = () => {
    curl.textContent = `curl --globoff '${url()}'`;
    fetched.textContent = `const answer = await fetch('${url()}');`;
  };

  const form = element("form", {}, ...captures.map(({ label }) => label),
    ...article.querySelector('[data-in="query"]') ? [queryLabel] : [], button);
  form.addEventListener("input", show);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const id = captures.find((capture) => capture.name === "id")?.input;
    if (id && !id.value)
      id.value = await firstId(path).catch(() => "");
    show();
    await run(url(), method, output);
  });
  article.append(form, output);
  show();
}

document.querySelectorAll("article[data-path]").forEach(enliven);
