// The map of a list: moved, enlarged and kept in step with the list without asking the server again.
// Everything here is an extra. Without it, or when it stops halfway, every button of the map is still a link.

const SVG = "http://www.w3.org/2000/svg";
const STREETS = "map-streets";
const APART = 44; // pixels between the middles of two signs, as in directory/web/map/pins.py
const BAR = 96; // the longest bar, in pixels
const ROUND = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const KM_PER_MILE = 1.609344;
const KM_PER_DEGREE = (Math.PI * 6371.0088) / 180;
const WAYS = { north: [0, -1], south: [0, 1], west: [-1, 0], east: [1, 0] };
const KEYS = {
  ArrowUp: "north", ArrowDown: "south", ArrowLeft: "west", ArrowRight: "east",
  "+": "closer", "=": "closer", "-": "further", 0: "everybody",
};
const MOST_TILES = 60;
const REACH = 8; // how many times larger a drawing is good for; beyond it a new one is fetched

const stretched = (latitude) => (Math.asinh(Math.tan((latitude * Math.PI) / 180)) * 180) / Math.PI;
const within = (value, least, most) => Math.min(Math.max(value, least), most);

// A browser may refuse to keep anything; then nothing is remembered.
const kept = () => { try { return sessionStorage; } catch { return null; } };

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** As `grouped` of directory/web/map/pins.py: the two nearest are put together until the nearest are far enough apart. */
export function grouped(spots, apart) {
  const groups = spots.map(({ x, y }, number) => ({ members: [number], x, y }));
  for (;;) {
    let nearest = { far: apart };
    groups.forEach((one, first) => groups.slice(first + 1).forEach((other, later) => {
      const far = Math.hypot(one.x - other.x, one.y - other.y);
      if (far < nearest.far) nearest = { far, first, second: first + 1 + later };
    }));
    if (nearest.first === undefined) return groups;
    const [gone] = groups.splice(nearest.second, 1);
    const members = [...groups[nearest.first].members, ...gone.members].sort((a, b) => a - b);
    const mean = (axis) => members.reduce((sum, member) => sum + spots[member][axis], 0) / members.length;
    groups[nearest.first] = { members, x: mean("x"), y: mean("y") };
  }
}

/** The map on another page of this site. */
export async function drawing(address) {
  const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(15000) });
  const figure = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html").getElementById("map");
  if (!figure) throw new Error(`no map: ${answer.status}`);
  return document.adoptNode(figure);
}

export class Chart {
  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector(".map__sheet");
    this.frame = figure.querySelector(".map__frame");
    this.facts = Object.fromEntries(
      ["latitude", "longitude", "perDegree", "side", "halfWidth", "halfHeight", "zoom", "closest"]
        .map((name) => [name, Number(figure.dataset[name])]),
    );
    this.view = { x: 0, y: 0, zoom: 1 };
    this.pins = [...figure.querySelectorAll("[data-number]")].map((link) => {
      const [x, y] = link.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
      return { link, x, y, number: link.dataset.number, card: document.getElementById(link.getAttribute("href").slice(1)) };
    });
    this.labels = [...figure.querySelectorAll(".map__label")];
    this.bar = figure.querySelector(".map__bar");
    this.moves = figure.querySelector(".map__moves");
    this.here = figure.querySelector("[data-here]");
    this.streets = Boolean(kept()?.getItem(STREETS));
    figure.querySelectorAll(".map__cluster[data-numbers]").forEach((link) => link.remove());
    this.clusters = new Map();
    this.listen();
    this.offerStreets();
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.draw();
    figure.querySelector("[data-hint]").hidden = false;
    figure.dataset.ready = "";
  }

  /** How many pixels a unit of the drawing takes at the present zoom. */
  get pixels() {
    const { width, height } = this.svg.getBoundingClientRect();
    return (Math.min(width, height) || this.facts.side) / this.facts.side * this.view.zoom;
  }

  /** How large signs and letters are drawn, so that they keep their size in view and follow the reader's own. */
  get scale() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 / this.pixels;
  }

  draw() {
    const { side } = this.facts, { x, y, zoom } = this.view, part = side / zoom;
    this.svg.setAttribute("viewBox", `${x - part / 2} ${y - part / 2} ${part} ${part}`);
    this.svg.style.setProperty("--map-k", this.scale);
    this.group();
    this.measure();
    this.write();
    this.name();
    this.tile();
  }

  /** Show the names that fit at this zoom, none of them cut by the edge or behind the bar and the buttons. */
  write() {
    for (const label of this.labels) label.classList.toggle("map__label--shown", (label.dataset.from ?? 1) <= this.view.zoom);
    const edge = this.frame.getBoundingClientRect();
    const over = [this.moves, this.bar].map((each) => each.getBoundingClientRect());
    const boxes = this.labels.map((label) => label.getBoundingClientRect());
    this.labels.forEach((label, number) => {
      const { left, right, top, bottom, width } = boxes[number];
      const cut = left < edge.left || right > edge.right || top < edge.top || bottom > edge.bottom;
      const behind = over.some((it) => left < it.right && right > it.left && top < it.bottom && bottom > it.top);
      label.classList.toggle("map__label--cut", width > 0 && (cut || behind));
    });
  }

  group() {
    const groups = grouped(this.pins, APART * this.scale);
    const kept = new Set();
    this.signs = new Map();
    for (const { members, x, y } of groups) {
      const pins = members.map((member) => this.pins[member]);
      const key = pins.map((pin) => pin.number).join(", ");
      let sign = pins[0].link;
      if (pins.length > 1) {
        sign = this.clusters.get(key) ?? this.cluster(key, pins);
        sign.setAttribute("transform", `translate(${x} ${y})`);
        kept.add(key);
      }
      for (const pin of pins) {
        pin.link.classList.toggle("map__pin--within", pins.length > 1);
        this.signs.set(pin.number, sign);
      }
    }
    for (const [key, link] of this.clusters) if (!kept.has(key)) { link.remove(); this.clusters.delete(key); }
  }

  cluster(key, pins) {
    const link = element("a", {
      class: "map__cluster", href: pins[0].link.getAttribute("href"), "data-group": key,
      "aria-label": this.figure.dataset.together.replace("{}", key),
    }, element("g", { class: "map__sign" },
      element("circle", { class: "map__hit", r: 22 }), element("circle", { class: "map__halo", r: 19 }),
      element("circle", { class: "map__dot", r: 15 }), element("text", { class: "map__number", y: 4.6 }, `×${pins.length}`)));
    link.addEventListener("click", (event) => this.open(event, pins));
    // In the order of the list, so that the Tab key goes through the signs as it goes through the cards.
    pins[0].link.before(link);
    this.clusters.set(key, link);
    return link;
  }

  /** Look at a cluster as closely as it takes; where that never helps, its link leads to its first person. */
  open(event, pins) {
    for (let zoom = this.view.zoom * 2; zoom <= this.facts.closest / this.facts.zoom; zoom *= 2) {
      if (grouped(pins, (APART * this.scale * this.view.zoom) / zoom).length > 1) {
        event.preventDefault();
        const middle = (axis) => pins.reduce((sum, pin) => sum + pin[axis], 0) / pins.length;
        this.go(middle("x"), middle("y"), zoom);
        if (zoom > this.furthest) this.redraw(this.elsewhere("whole", zoom), "closer");
        else this.signs.get(pins[0].number).focus();
        return;
      }
    }
  }

  /** How much closer than the drawing one may look. */
  get furthest() { return Math.min(REACH, this.facts.closest / this.facts.zoom); }

  go(x, y, zoom = this.view.zoom) {
    const { side, halfWidth, halfHeight } = this.facts;
    zoom = within(zoom, 1, this.furthest);
    const part = side / zoom / 2;
    this.view = { x: within(x, part - halfWidth, halfWidth - part), y: within(y, part - halfHeight, halfHeight - part), zoom };
    this.draw();
    this.tell();
  }

  /** Enlarge so that the point under the finger or pointer stays there. */
  zoomAt(clientX, clientY, zoom) {
    const at = this.unit(clientX, clientY), to = within(zoom, 1, this.furthest), share = this.view.zoom / to;
    this.go(at.x + (this.view.x - at.x) * share, at.y + (this.view.y - at.y) * share, to);
  }

  unit(clientX, clientY) {
    const box = this.svg.getBoundingClientRect(), { x, y } = this.view;
    return {
      x: x + (clientX - box.left - box.width / 2) / this.pixels,
      y: y + (clientY - box.top - box.height / 2) / this.pixels,
    };
  }

  /** One press of a button or key: done here, or by another drawing; false where there is nothing more to do. */
  move(name) {
    const { x, y, zoom } = this.view, step = this.facts.side / zoom / 3;
    const link = this.figure.querySelector(`[data-move=${name}]`);
    if (name in WAYS) this.go(x + WAYS[name][0] * step, y + WAYS[name][1] * step);
    else if (name === "closer" && zoom < this.furthest) this.go(x, y, zoom * 2);
    else if (name === "further" && zoom > 1) this.go(x, y, zoom / 2);
    else if (name === "everybody" && link.getAttribute("href") === this.figure.dataset.address) this.go(0, 0, 1);
    else if (!link.hasAttribute("href")) return false;
    else if (name === "closer") this.redraw(this.elsewhere(name, zoom * 2), name);
    else if (name === "further") this.redraw(this.elsewhere(name, zoom / 2), name);
    else this.redraw(link.href, name);
    return true;
  }

  /** The address of a drawing around the middle of what is seen now, so many times larger than this one. */
  elsewhere(name, times) {
    const address = new URL(this.figure.querySelector(`[data-move=${name}]`).href);
    const { latitude, longitude } = this.middle, { zoom, closest } = this.facts;
    const whole = within(2 ** Math.round(Math.log2(zoom * times)), 1, closest);
    address.searchParams.set("look", `${latitude.toFixed(4)},${longitude.toFixed(4)},${whole}`);
    return address.href;
  }

  /** Put another drawing in the place of this one; where it does not come, the link is followed. */
  async redraw(address, name) {
    try {
      const figure = await drawing(address);
      this.figure.replaceWith(figure);
      new Chart(figure);
      figure.querySelector(`[data-move=${name}]`)?.focus();
    } catch {
      location.assign(address);
    }
  }

  /** The latitude and longitude in the middle of what is seen. */
  get middle() {
    const { latitude, longitude, perDegree } = this.facts, { x, y } = this.view;
    return {
      latitude: (Math.atan(Math.sinh(((stretched(latitude) - y / perDegree) * Math.PI) / 180)) * 180) / Math.PI,
      longitude: ((longitude + x / perDegree + 540) % 360) - 180,
    };
  }

  listen() {
    const { figure, frame, svg } = this;
    for (const link of figure.querySelectorAll("[data-move]")) {
      link.setAttribute("role", "button");
      link.tabIndex = 0;
      link.removeAttribute("aria-disabled");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.move(link.dataset.move);
      });
      link.addEventListener("keydown", (event) => {
        if (event.key === " " || (event.key === "Enter" && !link.hasAttribute("href"))) {
          event.preventDefault();
          link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
        }
      });
    }
    frame.parentElement.addEventListener("keydown", (event) => {
      const name = KEYS[event.key];
      if (name && !event.ctrlKey && !event.metaKey && !event.altKey && this.move(name)) event.preventDefault();
    });
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoomAt(event.clientX, event.clientY, this.view.zoom * 2 ** (-event.deltaY / 120));
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => this.zoomAt(event.clientX, event.clientY, this.view.zoom * 2));
    this.listenToPointer();
    this.listenToFingers();
    for (const pin of this.pins) {
      this.mark(pin.link, pin);
      if (pin.card) this.mark(pin.card, pin);
      pin.link.addEventListener("focus", () => this.bringIntoView(pin));
    }
  }

  listenToPointer() {
    let held = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, view: this.view, moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      if (!held) return;
      const across = event.clientX - held.x, down = event.clientY - held.y;
      held.moved ||= Math.hypot(across, down) > 4;
      if (held.moved) this.go(held.view.x - across / this.pixels, held.view.y - down / this.pixels);
    });
    window.addEventListener("pointerup", () => { if (held && !held.moved) held = null; setTimeout(() => { held = null; }); });
    window.addEventListener("pointercancel", () => { held = null; });
    // Whoever drags a map by one of its signs does not mean to follow it.
    this.svg.addEventListener("click", (event) => { if (held?.moved) event.preventDefault(); }, true);
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
  }

  // One finger scrolls the page, as everywhere; two move and enlarge the map.
  listenToFingers() {
    let start = null;
    const both = ({ touches: [one, other] }) => ({
      x: (one.clientX + other.clientX) / 2,
      y: (one.clientY + other.clientY) / 2,
      far: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1,
    });
    this.svg.addEventListener("touchstart", (event) => {
      start = event.touches.length === 2 ? { ...both(event), zoom: this.view.zoom, at: null } : null;
      if (start) start.at = this.unit(start.x, start.y);
    }, { passive: true });
    this.svg.addEventListener("touchmove", (event) => {
      if (!start || event.touches.length !== 2) return;
      event.preventDefault();
      const now = both(event), box = this.svg.getBoundingClientRect();
      this.view.zoom = within((start.zoom * now.far) / start.far, 1, this.furthest);
      this.go(
        start.at.x - (now.x - box.left - box.width / 2) / this.pixels,
        start.at.y - (now.y - box.top - box.height / 2) / this.pixels,
      );
    }, { passive: false });
    this.svg.addEventListener("touchend", () => { start = null; });
  }

  /** Whoever looks at a person in the list or on the map sees them marked in the other. */
  mark(target, pin) {
    const show = (on) => {
      for (const each of [this.signs.get(pin.number), pin.link, pin.card]) each?.classList.toggle("is-marked", on);
      this.figure.querySelector("[data-said]").textContent = on ? pin.link.getAttribute("aria-label") : "\u00a0";
    };
    target.addEventListener("pointerenter", () => show(true));
    target.addEventListener("pointerleave", () => show(false));
    target.addEventListener("focusin", () => show(true));
    target.addEventListener("focusout", () => show(false));
  }

  bringIntoView({ x, y }) {
    const part = this.facts.side / this.view.zoom / 2;
    if (Math.abs(x - this.view.x) > part || Math.abs(y - this.view.y) > part) this.go(x, y);
  }

  measure() {
    const miles = this.figure.dataset.miles === "true", unit = miles ? KM_PER_MILE : 1;
    const { side, perDegree } = this.facts, { x, y, zoom } = this.view, k = this.scale;
    const stretch = perDegree / Math.cos((this.middle.latitude * Math.PI) / 180);
    const long = (value) => ((value * unit) / KM_PER_DEGREE) * stretch;
    const value = ROUND.findLast((each) => long(each) <= BAR * k) ?? ROUND[0];
    const inset = side / zoom / 2 - 12 * k;
    this.bar.setAttribute("transform", `translate(${x - inset} ${y + inset}) scale(${k})`);
    this.bar.querySelector("path").setAttribute("d", `M0-5V0H${long(value) / k}V-5`);
    const { bar, barOne } = this.figure.dataset;
    this.bar.querySelector("text").textContent = value === 1 ? barOne : bar.replace("{}", value);
  }

  /** The middle of what is seen, as a place to search around: to a hundredth of a degree, as everywhere. */
  name() {
    const { latitude, longitude } = this.middle, { x, y } = this.view, address = new URL(this.here.href);
    address.searchParams.set("place", `${latitude.toFixed(2)}, ${longitude.toFixed(2)}`);
    this.here.href = address.href;
    if (Math.hypot(x, y) > 20) this.here.parentElement.hidden = false;
  }

  /** Say who is in view now, after a moment of rest. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { side } = this.facts, { x, y, zoom } = this.view, part = side / zoom / 2;
      const seen = this.pins.filter((pin) => Math.abs(pin.x - x) <= part && Math.abs(pin.y - y) <= part);
      const { seen: some, nobody } = this.figure.dataset;
      const said = seen.length ? some.replace("{}", seen.map((pin) => pin.number).join(", ")) : nobody;
      this.figure.querySelector("[data-told]").textContent = said;
    }, 500);
  }

  // Streets come from another host, so nothing is asked of it before somebody presses the button, and its answer holds
  // for this tab alone.
  offerStreets() {
    const button = this.figure.querySelector("[data-streets]");
    if (!button) return;
    const words = { show: button.textContent, hide: button.dataset.hide };
    const set = () => {
      button.textContent = this.streets ? words.hide : words.show;
      this.figure.classList.toggle("map--streets", this.streets);
      this.figure.querySelector("[data-credit]").hidden = !this.streets;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      this.streets = !this.streets;
      if (this.streets) kept()?.setItem(STREETS, "yes"); else kept()?.removeItem(STREETS);
      set();
      this.tile();
    });
    set();
  }

  tile() {
    const layer = this.svg.querySelector(".map__tiles"), template = this.figure.dataset.tiles;
    if (!template || !this.streets) {
      layer.replaceChildren();
      return;
    }
    const { latitude, longitude, perDegree } = this.facts, { x, y } = this.view, { width, height } = this.svg.getBoundingClientRect();
    const level = within(Math.round(Math.log2((perDegree * this.pixels * 360) / 256)), 1, 18);
    const count = 2 ** level, size = (360 * perDegree) / count;
    const left = ((longitude + 180) / 360) * count, top = ((180 - stretched(latitude)) / 360) * count;
    const half = { x: width / this.pixels / 2, y: height / this.pixels / 2 };
    const wanted = new Map();
    for (let column = Math.floor(left + (x - half.x) / size); column <= left + (x + half.x) / size; column += 1) {
      for (let row = Math.floor(top + (y - half.y) / size); row <= top + (y + half.y) / size; row += 1) {
        if (row < 0 || row >= count || wanted.size >= MOST_TILES) continue;
        const wrapped = ((column % count) + count) % count;
        const address = template.replace("{z}", level).replace("{x}", wrapped).replace("{y}", row);
        wanted.set(address, { x: (column - left) * size, y: (row - top) * size });
      }
    }
    for (const image of [...layer.children]) if (!wanted.delete(image.getAttribute("href"))) image.remove();
    for (const [href, at] of wanted) {
      layer.append(element("image", { href, x: at.x, y: at.y, width: size, height: size, referrerpolicy: "no-referrer" }));
    }
  }
}

const figure = document.getElementById("map");
if (figure) new Chart(figure);
