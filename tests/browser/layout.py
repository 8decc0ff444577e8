"""What can be measured of how a page lies before somebody: nothing sticks out, covers another or is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TOOLS = """
const named = (it) => `${it.tagName.toLowerCase()}${it.id ? '#' + it.id : ''}.${it.className?.baseVal ?? it.className}`
  + ` “${it.textContent.trim().replace(/\\s+/g, ' ').slice(0, 50)}”`;
const hidden = (it) => it.closest('.visually-hidden, .skip-link, svg') !== null
  || !it.checkVisibility({visibilityProperty: true});
const all = (selector) => [...document.body.querySelectorAll(selector)].filter((it) => !hidden(it));
const rolls = (it) => { for (let up = it.parentElement; up; up = up.parentElement)
  if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX) && up !== document.documentElement) return true;
  return false; };
"""

_STICKING_OUT = (
    "(width) => {"
    + _TOOLS
    + """
  const found = [];
  if (document.documentElement.scrollWidth > width + 1)
    found.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  for (const it of all('*')) {
    const box = it.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > width + 1) && !rolls(it)) found.push(`sticks out: ${named(it)}`);
  }
  return found;
}"""
)

_COVERED = (
    "() => {"
    + _TOOLS
    + """
  const rolledAway = (box, owner) => {
    for (let up = owner.parentElement; up && up !== document.body; up = up.parentElement) {
      const edge = up.getBoundingClientRect(), longer = up.scrollHeight > up.clientHeight + 1;
      const rolls = longer && ['auto', 'scroll'].includes(getComputedStyle(up).overflowY);
      if (rolls && (box.bottom > edge.bottom || box.top < edge.top)) return true;
    }
    return false;
  };
  const pieces = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, owner = node.parentElement;
    if (!node.textContent.trim() || hidden(owner) || owner.closest('.quick-leave, option')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && !rolledAway(box, owner)) pieces.push({box, owner});
  }
  for (const owner of all('input, select, textarea, meter')) {
    const box = owner.getBoundingClientRect();
    if (!rolledAway(box, owner)) pieces.push({box, owner});
  }
  pieces.sort((a, b) => a.box.top - b.box.top);
  const found = [];
  for (let i = 0; i < pieces.length; i++) for (let j = i + 1; j < pieces.length; j++) {
    const a = pieces[i], b = pieces[j];
    if (b.box.top >= a.box.bottom) break;
    const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const down = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
    const shallow = Math.min(a.box.height, b.box.height) / 3;
    if (across > 2 && down > shallow) found.push(`${named(a.owner)} covers ${named(b.owner)}`);
  }
  return found;
}"""
)

_CUT = (
    "() => {"
    + _TOOLS
    + """
  return all('*').filter((it) => {
    const style = getComputedStyle(it);
    const across = it.scrollWidth > it.clientWidth + 1 && ['hidden', 'clip'].includes(style.overflowX);
    const down = it.scrollHeight > it.clientHeight + 1 && ['hidden', 'clip'].includes(style.overflowY);
    // Chromium itself shortens the name of a chosen file, whatever a stylesheet says.
    const shortened = style.textOverflow === 'ellipsis' && it.type !== 'file';
    return it.clientWidth && (across || down || shortened);
  }).map((it) => `cut off: ${named(it)}`);
}"""
)

_HARD_TO_HIT = (
    "() => {"
    + _TOOLS
    + """
  const found = [];
  const least = (it, box, size) => { if (box.width < size - .5 || box.height < size - .5)
    found.push(`${Math.round(box.width)} by ${Math.round(box.height)}, not ${size}: ${named(it)}`); };
  for (const it of all('button, .button, select, textarea, input:not([type=radio], [type=checkbox], [type=hidden])'))
    least(it, it.getBoundingClientRect(), 44);
  for (const it of all('.choice')) if (it.getBoundingClientRect().height < 43.5) found.push(`low: ${named(it)}`);
  for (const it of all('summary'))
    if (it.getBoundingClientRect().height < 43.5) found.push(`low: ${named(it)}`);
  for (const it of all('a[href]')) {
    const around = it.closest('p, li, dd, td') ?? it.parentElement;
    const inText = around.textContent.trim().length > it.textContent.trim().length + 1;
    if (!inText) least(it, it.getBoundingClientRect(), 24);
  }
  return found;
}"""
)

_TOO_SMALL = (
    "(least) => {"
    + _TOOLS
    + """
  return all('*').filter((it) => [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .filter((it) => parseFloat(getComputedStyle(it).fontSize) < least).map((it) => `small: ${named(it)}`)
    .concat(all('input, select, textarea').filter((it) => parseFloat(getComputedStyle(it).fontSize) < 16)
    .map((it) => `a phone would zoom in: ${named(it)}`));
}"""
)


def sticking_out(page: Page, width: int) -> list[str]:
    """What makes somebody scroll sideways in a window of this width; tables may roll inside a frame of their own."""
    return _strings(page.evaluate(_STICKING_OUT, width))


def covered_or_cut(page: Page) -> list[str]:
    """Words and controls that lie on one another, and boxes that hide a part of what is in them."""
    return _strings(page.evaluate(_COVERED)) + _strings(page.evaluate(_CUT))


def ill_fitting(page: Page, width: int) -> list[str]:
    """What ``sticking_out`` and ``covered_or_cut`` find in a window of this width, asked for at once."""
    return _strings(page.evaluate(f"width => [...({_STICKING_OUT})(width), ...({_COVERED})(), ...({_CUT})()]", width))


def hard_to_hit(page: Page) -> list[str]:
    """Buttons and fields under 44 pixels, and links that stand alone under 24."""
    return _strings(page.evaluate(_HARD_TO_HIT))


def too_small(page: Page, *, least: int) -> list[str]:
    """Words set smaller than this many pixels, and fields into which a phone would zoom."""
    return _strings(page.evaluate(_TOO_SMALL, least))


def open_everything(page: Page) -> None:
    """Unfold whatever is folded; of sums that all look alike, the first two."""
    page.evaluate(
        """() => {
          for (const it of document.querySelectorAll('details')) it.open = true;
          for (const it of [...document.querySelectorAll('details.arithmetic')].slice(2)) it.open = false;
        }"""
    )


def shorten(page: Page) -> None:
    """Keep the first four of a long list and the first nine rows of a long table; the others look like them."""
    page.evaluate(
        """() => document.querySelectorAll('.cards > li:nth-child(n + 5), main tbody > tr:nth-child(n + 10)')
          .forEach((it) => it.remove())"""
    )


def _strings(found: object) -> list[str]:
    assert isinstance(found, list)
    return sorted({str(each) for each in found})
