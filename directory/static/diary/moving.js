// The diary as files: saved, taken in from another device, and the numbers of one page as a PDF, which alone are sent.

import { summary } from "./figures.js";
import { fromFile, LARGEST, NotADiary, toFile, toTable } from "./file.js";
import * as papers from "./papers.js";
import { fill } from "./seen.js";
import * as store from "./store.js";

const download = (name, type, content) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

// Both parts of a file or neither: the device may be full after the first.
const takeIn = async (file) => {
  if (file.size > LARGEST) throw new NotADiary("large");
  const given = fromFile(await file.text());
  const lists = await papers.takeIn(given.papers);
  try {
    const nights = await store.takeIn(given.nights);
    return { nights, lists, refused: given.refused + lists.refused };
  } catch (error) {
    await lists.undo();
    throw error;
  }
};

const tellTaken = (said, { nights, lists, refused }) => {
  const parts = [fill(said.taken, nights)];
  if (lists.taken || lists.had) parts.push(fill(said.taken_papers, lists));
  if (refused) parts.push(fill(said.refused, { refused }));
  return parts.join(" ");
};

// `nights` gives what is kept, with what could not be kept; `afresh` shows everything anew.
export const begin = ({ form, said, say, warn, offer, nights, afresh }) => {
  document.getElementById("save-file").addEventListener("click", async () => {
    download("restless-nights.json", "application/json", toFile(await nights(), await papers.all()));
  });
  document.getElementById("save-table").addEventListener("click", async () => {
    download("restless-nights.csv", "text/csv", toTable(await nights()));
  });
  document.getElementById("open-file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    try {
      const taken = await takeIn(file);
      await afresh();
      say(tellTaken(said, taken));
      if (taken.nights.taken || taken.lists.taken) offer(() => Promise.all([taken.nights.undo(), taken.lists.undo()]));
    } catch (error) {
      if (error instanceof NotADiary) warn(said[`file_${error.message}`]);
      else warn(error?.name === "QuotaExceededError" ? said.file_full : said.file_not_kept);
    }
  });
  document.getElementById("make-pdf").addEventListener("click", async () => {
    const found = await nights();
    if (!found.length) {
      say(said.nothing_yet);
      return;
    }
    try {
      // The token is asked for now: this page may have come from the device, and be older than the visit.
      const page = new DOMParser().parseFromString(await (await fetch(form.dataset.pdf)).text(), "text/html");
      const token = page.getElementById("token").getAttribute("value");
      const answer = await fetch(form.dataset.pdf, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(summary(found, found.at(-1).date)),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      download("restless-nights.pdf", "application/pdf", await answer.blob());
      warn("");
    } catch {
      warn(said.no_pdf);
    }
  });
};
