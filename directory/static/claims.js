// Words that claim too much, listed under a text as it is typed. The list is the server's own (guide/claims.py), and so is
// the way it is read; the server refuses the same words whatever happens here.

const list = document.getElementById("claims-list");
const RESTS = 250;

const reader = (told) => {
  const anything = (source) => (source ? new RegExp(source) : null);
  const claims = told.claims.map(([kind, pattern, before, after, deniable]) => ({
    kind,
    deniable,
    pattern: new RegExp(pattern, "g"),
    before: anything(before),
    after: anything(after),
  }));
  const spelt = new RegExp(told.spelt, "g");
  const clause = new RegExp(told.clause);
  const negated = new RegExp(told.negated);
  const doubled = new RegExp(told.doubled);
  const denied = new RegExp(told.denied);
  const letter = /\p{L}/u;

  const plain = (sign) => {
    if (sign.codePointAt(0) < 128) {
      if (/\s/.test(sign)) return sign === "\n" || sign === "\r" ? "\n" : " ";
      return sign >= " " && sign !== "\x7f" ? sign.toLowerCase() : "";
    }
    if (told.fillers.includes(sign)) return "";
    let found = "";
    for (const part of sign.normalize("NFKD").toLowerCase()) {
      if (/[\p{M}\p{Cf}\p{Cc}]/u.test(part)) continue;
      found += /\s/.test(part) ? " " : (told.lookalikes[part] ?? part);
    }
    return found;
  };

  // What the patterns see, and for each of its signs where in the text it stands.
  const fold = (text) => {
    const signs = [];
    let offset = 0;
    for (const sign of text) {
      for (const each of plain(sign)) {
        if (each === " " && signs.length && " \n".includes(signs[signs.length - 1].sign)) continue;
        signs.push({ sign: each, start: offset, end: offset + sign.length });
      }
      offset += sign.length;
    }
    const before = signs.map((each) => each.sign);
    const isLetter = (index) => index >= 0 && index < before.length && letter.test(before[index]);
    before.forEach((sign, index) => {
      if (!Object.hasOwn(told.digits, sign) || !isLetter(index - 1)) return;
      const ahead = isLetter(index + 1);
      if ((ahead || isLetter(index - 2)) && !(sign === "!" && !ahead)) signs[index].sign = told.digits[sign];
    });
    // Signs beyond the first plane are two units long, and patterns count units.
    const units = signs.flatMap((each) => [...each.sign].join("").split("").map((unit) => ({ ...each, sign: unit })));
    const whole = units.map((each) => each.sign).join("");
    const kept = [];
    let end = 0;
    for (const run of whole.matchAll(spelt)) {
      kept.push(...units.slice(end, run.index));
      kept.push(...units.slice(run.index, run.index + run[0].length).filter((each) => /[a-z]/.test(each.sign)));
      end = run.index + run[0].length;
    }
    kept.push(...units.slice(end));
    return { text: kept.map((each) => each.sign).join(""), at: kept };
  };

  const passes = (claim, text, start, end) => {
    const before = text.slice(Math.max(0, start - told.reach), start).split(clause).pop();
    const after = text.slice(end, end + told.reach);
    if (claim.before?.test(before) || claim.after?.test(after)) return true;
    if (!claim.deniable) return false;
    return (negated.test(before) && !doubled.test(before)) || denied.test(after);
  };

  return (typed) => {
    const { text, at } = fold(typed);
    const found = [];
    for (const claim of claims) {
      let from = 0;
      for (;;) {
        claim.pattern.lastIndex = from;
        const hit = claim.pattern.exec(text);
        if (!hit) break;
        const end = hit.index + hit[0].length;
        const excused = passes(claim, text, hit.index, end);
        from = excused ? hit.index + 1 : end;
        if (!excused) found.push({ start: at[hit.index].start, end: at[end - 1].end, kind: claim.kind });
      }
    }
    found.sort((one, other) => one.start - other.start || other.end - one.end);
    let last = 0;
    return found.filter((each) => {
      if (each.start < last) return false;
      last = each.end;
      return true;
    });
  };
};

const watch = (place, read, kinds) => {
  const area = document.getElementById(place.dataset.claimsOf);
  if (!area) return;
  let told = "";
  let resting = 0;
  const look = () => {
    const hits = read(area.value);
    const now = hits.map((each) => `${each.kind} ${area.value.slice(each.start, each.end)}`).join("\n");
    if (now === told) return;
    told = now;
    place.replaceChildren();
    area.classList.toggle("claims__marked", hits.length > 0);
    if (!hits.length) return;
    const heading = document.createElement("p");
    heading.className = "claims__heading";
    heading.textContent = list.dataset.heading;
    const items = document.createElement("ul");
    for (const hit of hits) {
      const item = document.createElement("li");
      const words = document.createElement("button");
      words.type = "button";
      words.className = "claims__words";
      words.title = list.dataset.show;
      words.textContent = `“${area.value.slice(hit.start, hit.end)}”`;
      words.addEventListener("click", () => {
        area.focus();
        area.setSelectionRange(hit.start, hit.end);
      });
      item.append(words, ` ${kinds[hit.kind][0]}`);
      items.append(item);
    }
    place.append(heading, items);
    // Several phrases often break the same rule, which is said once.
    for (const rule of new Set(hits.flatMap((hit) => kinds[hit.kind].slice(1)))) {
      const line = document.createElement("p");
      line.className = "claims__rule";
      line.textContent = rule;
      place.append(line);
    }
  };
  area.addEventListener("input", () => {
    clearTimeout(resting);
    resting = setTimeout(look, RESTS);
  });
  look();
  area.dataset.looked = "";
};

if (list) {
  const told = JSON.parse(list.dataset.list);
  const read = reader(told);
  document.querySelectorAll("[data-claims-of]").forEach((place) => watch(place, read, told.kinds));
}
