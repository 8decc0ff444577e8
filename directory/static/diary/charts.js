// Pictures of nights and weeks as SVG. Colours come from the stylesheet; a text beside each picture says the same.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 30;
const TOP = 10;
// What a day below a chart needs, in the large letters of a telephone.
const ROOM = 90;
const YEAR = 366 * 86_400_000;

const draw = (name, attributes, ...inside) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
};

const frame = (label, most, steps) => {
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "diary-chart" });
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  for (const step of steps) {
    svg.append(draw("line", { x1: LEFT, x2: WIDTH, y1: y(step), y2: y(step), class: "diary-chart__grid" }));
    svg.append(draw("text", { x: LEFT - 6, y: y(step) + 4, "text-anchor": "end", class: "diary-chart__text" }, String(step)));
  }
  return { svg, y };
};

const short = (date, parts = { day: "numeric", month: "short" }) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, timeZone: "UTC" }).format(new Date(`${date}T12:00:00Z`));

// One bar a night, from 0 to 10; a night without a note has none. A dot below a bar is a treatment.
export const nightsChart = (days, label) => {
  const { svg, y } = frame(label, 10, [0, 5, 10]);
  const wide = (WIDTH - LEFT) / days.length;
  days.forEach(({ date, night }, at) => {
    const x = LEFT + at * wide;
    if (night?.intensity !== null && night) {
      const top = y(Math.max(night.intensity, 0.15));
      svg.append(draw("rect", { x: x + wide * 0.15, y: top, width: wide * 0.7, height: y(0) - top, rx: 2, class: "diary-chart__bar" }));
    }
    if (night?.treatment) svg.append(draw("circle", { cx: x + wide / 2, cy: y(0) + 7, r: 3.5, class: "diary-chart__visit" }));
    if (at % 7 === 0) svg.append(draw("text", { x, y: HEIGHT - 2, class: "diary-chart__text" }, short(date)));
  });
  return svg;
};

// The middle of each week as a line, the range of half its nights as a band; weeks with few notes leave a gap.
export const weeksChart = (weeks, most, label) => {
  const { svg, y } = frame(label, most, [0, most / 2, most]);
  const wide = (WIDTH - LEFT) / Math.max(weeks.length, 1);
  const x = (at) => LEFT + (at + 0.5) * wide;
  let run = [];
  const finish = () => {
    if (run.length) {
      const upper = run.map(([at, week]) => `${x(at)},${y(Math.min(week.high, most))}`);
      const lower = run.map(([at, week]) => `${x(at)},${y(Math.min(week.low, most))}`).reverse();
      svg.append(draw("polygon", { points: [...upper, ...lower].join(" "), class: "diary-chart__band" }));
      const points = run.map(([at, week]) => `${x(at)},${y(Math.min(week.middle, most))}`).join(" ");
      svg.append(draw("polyline", { points, class: "diary-chart__line" }));
      if (run.length === 1) svg.append(draw("circle", { cx: x(run[0][0]), cy: y(Math.min(run[0][1].middle, most)), r: 3, class: "diary-chart__bar" }));
    }
    run = [];
  };
  weeks.forEach((week, at) => (week.middle === undefined ? finish() : run.push([at, week])));
  finish();
  // Over more than a year a day says little without its year.
  const years = weeks.length && Date.parse(weeks.at(-1).date) - Date.parse(weeks[0].date) > YEAR;
  const parts = years ? { month: "short", year: "numeric" } : undefined;
  const every = Math.max(1, Math.ceil(weeks.length / (years ? 4 : 6)));
  weeks.forEach((week, at) => {
    if (at % every !== 0) return;
    const end = WIDTH - x(at) < ROOM;
    svg.append(draw("text", { x: end ? WIDTH : x(at), y: HEIGHT - 2, "text-anchor": end ? "end" : "start", class: "diary-chart__text" }, short(week.date, parts)));
  });
  return svg;
};
