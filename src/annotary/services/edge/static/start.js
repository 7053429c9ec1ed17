// The start page: how each process is, how far each project is. Reads the public API and nothing else.

const PROCESSES = ["platform", "text", "image", "video", "worker"];
const HEALTH_MILLISECONDS = 3000;
const PROJECTS_MILLISECONDS = 5000;
const TOKEN = "annotary.token";
const THEME = "annotary.theme";

const byId = (id) => document.getElementById(id);
const counted = new Intl.NumberFormat("en");

/** Return an element with text (never markup: names come from people) and children. */
function element(tag, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

async function readHealth(name) {
  try {
    const reply = await fetch(`/services/${name}/readyz`, { cache: "no-store", signal: AbortSignal.timeout(4000) });
    const body = await reply.json().catch(() => ({}));
    if (reply.ok) return { name, state: "ready", words: "ready" };
    const missing = Object.keys(body.missing ?? {});
    if (missing.length) return { name, state: "waiting", words: `waits for ${missing.join(", ")}` };
    return { name, state: "down", words: "does not answer; it is restarted by itself" };
  } catch {
    return { name, state: "down", words: "does not answer" };
  }
}

async function showHealth() {
  const found = await Promise.all(PROCESSES.map(readHealth));
  byId("health").replaceChildren(
    ...found.map(({ name, state, words }) =>
      element("li", {}, element("strong", { text: name, "data-state": state }), element("span", { class: "quiet", text: words })),
    ),
  );
  const ready = found.filter(({ state }) => state === "ready").length;
  byId("health-summary").textContent = ready === found.length ? "all ready" : `${ready} of ${found.length} ready`;
}

/** Read JSON as the signed-in member; a refusal is thrown as its problem, with the status. */
async function read(path) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(TOKEN)}` };
  const reply = await fetch(path, { headers, cache: "no-store" });
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw Object.assign(new Error(body.detail ?? `HTTP ${reply.status}`), { status: reply.status });
  return body;
}

async function readProjects() {
  const projects = [];
  let next = null;
  do {
    const page = await read(`/v1/projects?limit=100${next ? `&next_token=${encodeURIComponent(next)}` : ""}`);
    projects.push(...page.items);
    next = page.next_token;
  } while (next);
  const progress = projects.map(({ id, modality }) => read(`/v1/${modality}/progress?project=${id}`).catch(() => null));
  return (await Promise.all(progress)).map((counts, at) => ({ ...projects[at], counts }));
}

function projectRow({ name, modality, state, overlap, counts }) {
  const title = element("div", { class: "name", text: name }, element("span", { class: "tag", text: modality }));
  if (state !== "active") title.append(element("span", { class: "tag warn", text: state }));
  if (counts?.blocked) title.append(element("span", { class: "tag warn", text: `${counted.format(counts.blocked)} to decide` }));
  if (!counts) return element("div", { class: "project" }, title, element("span", { class: "quiet", text: "progress is not shown to you now" }));
  const share = counts.tasks ? counts.done / counts.tasks : 0;
  const fill = element("span");
  fill.style.width = `${100 * share}%`;
  const bar = element(
    "div",
    { class: "bar", role: "progressbar", "aria-label": `${name}: done`, "aria-valuenow": Math.round(100 * share), "aria-valuemin": 0, "aria-valuemax": 100 },
    fill,
  );
  const words = counts.tasks ? `${counted.format(counts.done)} of ${counted.format(counts.tasks)} tasks done` : "no tasks yet";
  return element(
    "div",
    { class: "project" },
    title,
    element("div", {}, bar, element("span", { class: "quiet", text: words })),
    element("div", { class: "counts quiet", text: `${counted.format(counts.submissions)} answers, overlap ${overlap}` }),
  );
}

async function showProjects() {
  const signedIn = sessionStorage.getItem(TOKEN) !== null;
  byId("sign-in").hidden = signedIn;
  byId("projects").hidden = byId("sign-out").hidden = !signedIn;
  if (!signedIn) {
    byId("projects-summary").textContent = "";
    return;
  }
  try {
    const [me, projects] = await Promise.all([read("/v1/me"), readProjects()]);
    byId("who").textContent = `${me.organisation.name} · ${me.member.name} (${me.member.role})`;
    byId("projects-summary").textContent = counted.format(projects.length);
    const none = element("p", { class: "empty", text: "There is no project yet. `annotary demo` makes some." });
    byId("projects").replaceChildren(...(projects.length ? projects.map(projectRow) : [none]));
  } catch (error) {
    if (error.status === 401) signOut("This token is not known here, or it was revoked.");
    else byId("projects-summary").textContent = `cannot be read now: ${error.message}`;
  }
}

function signOut(why = "") {
  sessionStorage.removeItem(TOKEN);
  byId("sign-in-error").textContent = why;
  byId("who").textContent = "Raw text, images and video in; labels you can trust out.";
  showProjects();
}

/** Repeat for as long as somebody looks. */
function keepUp(show, milliseconds) {
  const turn = async () => {
    if (!document.hidden) await show();
    setTimeout(turn, milliseconds);
  };
  turn();
}

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId("token").value.trim());
  byId("token").value = "";
  byId("sign-in-error").textContent = "";
  showProjects();
});
byId("sign-out").addEventListener("click", () => signOut());
byId("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const theme = now === "dark" ? "light" : "dark";
  localStorage.setItem(THEME, theme);
  applyTheme(theme);
});

applyTheme(localStorage.getItem(THEME));
keepUp(showHealth, HEALTH_MILLISECONDS);
keepUp(showProjects, PROJECTS_MILLISECONDS);
