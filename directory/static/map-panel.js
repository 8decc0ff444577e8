// The map beside a list: fetched as its own page when somebody asks for it, with what moves it, and put in its place.

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
  }

  press(event) {
    if (this.failed) return;
    event.preventDefault();
    if (this.isOpen) this.fold(); else this.open();
  }

  fold() {
    this.latest = null;
    this.section.querySelectorAll("#map, .map-wait").forEach((each) => each.remove());
    this.place = null;
    this.show(false);
  }

  /** Keep the room that the map will take, at once, so that nothing moves under somebody's hand when it comes. */
  keepRoom() {
    const part = (name) => Object.assign(document.createElement("div"), { className: name });
    this.place = part("map-wait");
    this.place.append(part("map-wait__frame"), part("map-wait__rest"));
    this.section.append(this.place);
  }

  show(open) {
    this.isOpen = open;
    this.said.textContent = open ? this.words.hide : this.words.show;
    this.link.setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("has-map", open);
  }

  async open() {
    const address = this.section.dataset.map;
    this.latest = address;
    this.link.href = address;
    this.trouble.textContent = this.trouble.dataset.wait;
    if (!this.place) this.keepRoom();
    this.show(true);
    try {
      const { drawing, Chart } = await (this.loaded ??= this.load());
      const figure = await drawing(address);
      // Another one may have been asked for, or none any more, while this one was on its way.
      if (this.latest !== address) return;
      // A chart may have put another drawing in its own place.
      (this.section.querySelector("#map") ?? this.place).replaceWith(figure);
      this.place = figure;
      new Chart(figure);
      this.trouble.textContent = "";
    } catch {
      if (this.latest !== address) return;
      // The next press is an ordinary link, and the server says itself what is wrong.
      this.fold();
      this.failed = true;
      this.link.removeAttribute("role");
      this.link.removeAttribute("aria-expanded");
      this.trouble.classList.replace("visually-hidden", "fine");
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
