// The map beside a list: fetched as its own page when somebody asks for it, with what moves it, and put in its place.

const OPEN = "map-open";

// A browser may refuse to keep anything; then nothing is remembered.
const kept = () => { try { return sessionStorage; } catch { return null; } };

class Panel {
  constructor(section) {
    this.section = section;
    this.link = section.querySelector("[data-open]");
    this.said = this.link.querySelector("span");
    this.trouble = section.querySelector("[data-trouble]");
    this.words = { show: this.said.textContent, hide: this.link.dataset.hide };
    this.link.setAttribute("role", "button");
    this.link.setAttribute("aria-expanded", "false");
    this.link.addEventListener("click", (event) => this.press(event));
    this.link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); this.link.click(); }
    });
    // The slider has put other people into the list.
    document.addEventListener("list:changed", () => { if (this.isOpen) this.open(); });
    if (kept()?.getItem(OPEN)) this.open();
  }

  press(event) {
    if (this.failed) return;
    event.preventDefault();
    if (this.isOpen) this.fold(); else this.open();
  }

  fold() {
    this.latest = null;
    this.section.querySelector("#map")?.remove();
    this.show(false);
  }

  show(open) {
    this.isOpen = open;
    this.said.textContent = open ? this.words.hide : this.words.show;
    this.link.setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("has-map", open);
    if (open) kept()?.setItem(OPEN, "yes"); else kept()?.removeItem(OPEN);
  }

  async open() {
    const address = this.section.dataset.map;
    this.latest = address;
    this.link.href = address;
    this.trouble.textContent = this.trouble.dataset.wait;
    try {
      const { drawing, Chart } = await (this.loaded ??= this.load());
      const figure = await drawing(address);
      // Another one may have been asked for, or none any more, while this one was on its way.
      if (this.latest !== address) return;
      this.section.querySelector("#map")?.remove();
      this.section.append(figure);
      new Chart(figure);
      this.show(true);
      this.trouble.textContent = "";
    } catch {
      if (this.latest !== address) return;
      // The next press is an ordinary link, and the server says itself what is wrong.
      this.fold();
      this.failed = true;
      this.link.removeAttribute("role");
      this.link.removeAttribute("aria-expanded");
      this.trouble.textContent = this.trouble.dataset.said;
    }
  }

  /** What moves the map, and what it looks like: asked for only now. */
  async load() {
    const { script, style } = this.section.dataset;
    const dressed = new Promise((resolve, reject) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
      sheet.addEventListener("load", resolve);
      sheet.addEventListener("error", reject);
      document.head.append(sheet);
    });
    const [module] = await Promise.all([import(new URL(script, location.href)), dressed]);
    return module;
  }
}

document.querySelectorAll("[data-map]").forEach((section) => new Panel(section));
