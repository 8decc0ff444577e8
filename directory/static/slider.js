// The slider over a list: its words change at once, the list follows as soon as the hand rests. The page itself is
// fetched, so the list is the same with and without script. An answer that comes too late is thrown away.

const form = document.getElementById("slider");
const RESTS = 180;
const SLOW = 400;

if (form) {
  const range = form.querySelector("input[type=range]");
  const words = document.getElementById("leaning-said");
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  const said = JSON.parse(form.dataset.said);
  let waiting = null;
  let resting = 0;

  const say = (sentence, seen) => {
    status.textContent = sentence;
    status.classList.toggle("visually-hidden", !seen);
  };

  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    return `${form.action}?${query}`;
  };

  // What else on the page carries the search on: the other form, and where answers about the visitor lead back to.
  const carryOn = (fetched) => {
    document.getElementById("leaning").value = range.value;
    const chosen = document.getElementById("preset-slider");
    if (chosen) chosen.checked = true;
    const theirs = fetched.querySelectorAll("#about-you form");
    document.querySelectorAll("#about-you form").forEach((each, at) => {
      if (theirs[at]) each.setAttribute("action", theirs[at].getAttribute("action"));
    });
    for (const panel of document.querySelectorAll("[data-map]")) {
      const their = fetched.getElementById(panel.id);
      if (their) panel.dataset.map = their.dataset.map;
    }
  };

  const fetchList = async () => {
    waiting?.abort();
    const mine = (waiting = new AbortController());
    const found = document.getElementById("found");
    const slow = setTimeout(() => say(form.dataset.waiting, true), SLOW);
    found.setAttribute("aria-busy", "true");
    try {
      const asked = address();
      const answer = await fetch(asked, { signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const fetched = new DOMParser().parseFromString(await answer.text(), "text/html");
      const theirs = fetched.getElementById("found");
      if (!theirs) throw new Error("no list");
      if (mine !== waiting) return;
      found.replaceChildren(...document.adoptNode(theirs).childNodes);
      carryOn(fetched);
      history.replaceState(null, "", asked);
      say(form.dataset.done, false);
      button.classList.add("without-script");
      document.dispatchEvent(new CustomEvent("list:changed"));
    } catch (error) {
      if (mine !== waiting) return;
      say(form.dataset.failed, true);
      button.classList.remove("without-script");
    } finally {
      clearTimeout(slow);
      if (mine === waiting) found.setAttribute("aria-busy", "false");
    }
  };

  range.addEventListener("input", () => {
    words.textContent = said[Math.round(range.value / 10)];
    range.setAttribute("aria-valuetext", words.textContent);
    clearTimeout(resting);
    waiting?.abort();
    resting = setTimeout(fetchList, RESTS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(resting);
    fetchList();
  });
}
