// The pin of a practice place: dragged, tapped, or moved with the arrow keys, and said in words all the while.
// Everything here is an extra. Without it every button sends the form, and the answer is the form with the pin moved.

const KM_PER_DEGREE = (Math.PI * 6371.0088) / 180;
const KM_PER_MILE = 1.609344;
const KEYS = {
  ArrowUp: "north", ArrowDown: "south", ArrowLeft: "west", ArrowRight: "east",
  "+": "closer", "=": "closer", "-": "further",
};
const WAYS = { north: [0, -1], south: [0, 1], west: [-1, 0], east: [1, 0] };
const FAST = 5; // steps at once with the Shift key
const WAIT = 400; // milliseconds of rest before the place is said aloud

const stretched = (latitude) => (Math.asinh(Math.tan((latitude * Math.PI) / 180)) * 180) / Math.PI;
const around = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;
const within = (value, most) => Math.min(Math.max(value, -most), most);

class Pin {
  constructor(section) {
    this.section = section;
    this.form = section.closest("form");
    this.frame = section.querySelector(".map__frame");
    this.svg = section.querySelector(".map__sheet");
    this.sign = section.querySelector("[data-sign]");
    this.status = section.querySelector("[data-said]");
    const { latitude, longitude, perDegree, step, halfWidth, halfHeight, marks, miles } = section.dataset;
    Object.assign(this, {
      latitude: Number(latitude), longitude: Number(longitude), perDegree: Number(perDegree), step: Number(step),
      halfWidth: Number(halfWidth), halfHeight: Number(halfHeight), marks: JSON.parse(marks), miles: miles === "true",
    });
    this.at = this.sign.dataset.x ? { x: Number(this.sign.dataset.x), y: Number(this.sign.dataset.y) } : null;
    this.listen();
    section.dataset.ready = "";
    for (const hidden of section.querySelectorAll("[data-extra]")) hidden.hidden = false;
  }

  field(name) { return this.form.elements[name]; }

  /** The latitude and longitude of a spot of the drawing. */
  point({ x, y }) {
    const north = stretched(this.latitude) - y / this.perDegree;
    return {
      latitude: (Math.atan(Math.sinh((north * Math.PI) / 180)) * 180) / Math.PI,
      longitude: around(this.longitude + x / this.perDegree),
    };
  }

  put(x, y) {
    this.at = { x: within(x, this.halfWidth), y: within(y, this.halfHeight) };
    this.sign.setAttribute("transform", `translate(${this.at.x} ${this.at.y})`);
    this.sign.removeAttribute("hidden");
    const { latitude, longitude } = this.point(this.at);
    this.field("latitude").value = latitude.toFixed(5);
    this.field("longitude").value = longitude.toFixed(5);
    this.field("drawn").value = `${latitude.toFixed(5)},${longitude.toFixed(5)}`;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.status.textContent = this.said(latitude, longitude); }, WAIT);
  }

  /** As `said` of directory/web/map/placing.py. */
  said(latitude, longitude) {
    const words = this.section.dataset;
    const there = this.marks.map(([name, lat, lon]) => {
      const north = (latitude - lat) * KM_PER_DEGREE;
      const east = around(longitude - lon) * KM_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
      return { name, north, east, km: Math.hypot(north, east) };
    });
    if (!there.length) return words.nowhere;
    const { name, north, east, km } = there.reduce((near, each) => (each.km < near.km ? each : near));
    if (km < 0.05) return words.middle.replace("{place}", name);
    const direction = words.directions.split("|")[(Math.round((Math.atan2(east, north) * 4) / Math.PI) + 8) % 8];
    return words.where.replace("{distance}", this.far(km)).replace("{direction}", direction).replace("{place}", name);
  }

  far(km) {
    const value = this.miles ? km / KM_PER_MILE : km, { short, one, many } = this.section.dataset;
    if (value < 0.1) return short;
    const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
    const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(rounded);
    return rounded === 1 ? one : many.replace("{}", shown);
  }

  move(way, steps = 1) {
    const [east, south] = WAYS[way], { x, y } = this.at ?? { x: 0, y: 0 };
    this.put(x + east * steps * this.step, y + south * steps * this.step);
    if (Math.abs(this.at.x) > this.halfWidth / 2 || Math.abs(this.at.y) > this.halfHeight / 2) this.ask("here", way);
  }

  /** Have the server draw the map anew around the pin; where that fails, the form is sent as it would be without. */
  async ask(look, focus = look) {
    if (this.asking) return;
    this.asking = true;
    this.section.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(this.form));
      body.set("look", look);
      const answer = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin", signal: AbortSignal.timeout(15000) });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      const section = page.getElementById("pin");
      if (!section?.dataset.marks) throw new Error(`no map: ${answer.status}`);
      const open = this.section.querySelector("details")?.open;
      document.adoptNode(section);
      this.section.replaceWith(section);
      if (open) section.querySelector("details")?.setAttribute("open", "");
      new Pin(section);
      (focus === "frame" ? section.querySelector(".map__frame") : section.querySelector(`[value=${focus}]`))?.focus({ preventScroll: true });
    } catch {
      const button = this.section.querySelector(`[name=look][value=${look}]`);
      if (button) { this.trusted = true; this.form.requestSubmit(button); }
    }
  }

  spot(event) {
    const matrix = this.svg.getScreenCTM();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return { x, y };
  }

  listen() {
    const { frame, svg, section } = this;
    frame.tabIndex = 0;
    frame.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (way in WAYS) this.move(way, event.shiftKey ? FAST : 1); else this.ask(way, "frame");
    });
    for (const button of section.querySelectorAll("[name=look]")) {
      button.addEventListener("click", (event) => {
        if (this.trusted) return;
        event.preventDefault();
        if (button.value in WAYS) this.move(button.value); else this.ask(button.value);
      });
    }
    let held = null;
    this.sign.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const { x, y } = this.spot(event);
      held = { x: (this.at?.x ?? x) - x, y: (this.at?.y ?? y) - y };
      this.sign.setPointerCapture(event.pointerId);
      frame.focus({ preventScroll: true });
    });
    this.sign.addEventListener("pointermove", (event) => {
      if (!held) return;
      const { x, y } = this.spot(event);
      this.put(x + held.x, y + held.y);
    });
    const release = () => { setTimeout(() => { held = null; }); };
    this.sign.addEventListener("pointerup", release);
    this.sign.addEventListener("pointercancel", release);
    svg.addEventListener("click", (event) => {
      if (held) return;
      const { x, y } = this.spot(event);
      this.put(x, y);
    });
    section.querySelector("[data-here]")?.addEventListener("click", (event) => this.locate(event.currentTarget));
    for (const name of ["latitude", "longitude"]) {
      this.field(name).addEventListener("keydown", (event) => {
        if (event.key === "Enter") { event.preventDefault(); this.ask("here"); }
      });
    }
  }

  /** "I am there now": asked of the device after the press, and of nobody else. */
  locate(button) {
    const { asking, denied, unknown } = this.section.dataset;
    button.disabled = true;
    this.status.textContent = asking;
    const rest = (sentence) => { this.status.textContent = sentence; button.disabled = false; };
    if (!("geolocation" in navigator)) { rest(unknown); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.field("latitude").value = coords.latitude.toFixed(5);
        this.field("longitude").value = coords.longitude.toFixed(5);
        button.disabled = false;
        this.ask("here");
      },
      (error) => rest(error.code === error.PERMISSION_DENIED ? denied : unknown),
      { enableHighAccuracy: true, maximumAge: 60000, timeout: 20000 },
    );
  }
}

const section = document.getElementById("pin");
if (section?.dataset.marks) new Pin(section);
