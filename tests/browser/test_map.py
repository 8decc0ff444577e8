"""The map of a list: by pointer, finger and keyboard, without script, when it does not come, and with streets."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from directory.web.map import pins
from tests.browser import layout, server
from tests.browser.finding import HERE, MAP
from tests.browser.test_journeys import people, tab, tab_to
from tests.browser.waiting import drawn, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, Locator, Page, Request, Route

    from tests.browser.server import Site

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
OPEN = "Map"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def opened(page: Page, address: str = HERE) -> Locator:
    """The map beside the list."""
    page.goto(address)
    page.get_by_role("button", name=OPEN, exact=True).click()
    expect(page.locator("#map[data-ready]")).to_be_visible()
    return page.locator("#map")


def signs(page: Page) -> list[set[str]]:
    """For each sign on the map, the numbers it stands for."""
    return [
        set(each)
        for each in page.evaluate(
            """() => [...document.querySelectorAll('.map__pins > a')].filter((it) => it.checkVisibility())
          .map((it) => it.dataset.number ? [it.dataset.number] : it.dataset.group.split(', '))"""
        )
    ]


def view(page: Page) -> list[float]:
    """Left, top, width and height of what is seen, in units of the drawing."""
    return [float(each) for each in (page.locator(".map__sheet").get_attribute("viewBox") or "").split()]


def test_the_map_opens_beside_the_list_and_both_mark_whom_one_points_at(visitor: Callable[..., Page]) -> None:
    page = visitor()
    figure = opened(page)
    listed = people(page)
    targets = page.evaluate(
        "[...document.querySelectorAll('.map__pins .map__pin')].map((it) => it.getAttribute('href'))"
    )
    assert targets == page.evaluate("[...document.querySelectorAll('ol.cards > li > .card')].map((it) => `#${it.id}`)")
    assert len(targets) == len(listed)

    card = page.locator("ol.cards > li").nth(2)
    card.hover()
    assert page.evaluate("document.querySelectorAll('.map__pins > .is-marked').length") >= 1
    expect(figure.locator("[data-said]")).to_contain_text("3: ")
    figure.get_by_text("What the signs mean").hover()
    expect(figure.locator(".is-marked")).to_have_count(0)

    pin = figure.locator(".map__pins > .map__pin:not(.map__pin--within)").first
    pin.hover()
    marked = page.locator("ol.cards > li > .card.is-marked")
    expect(marked).to_have_id((pin.get_attribute("href") or "")[1:])
    pin.click()
    assert urlsplit(page.url).fragment == (pin.get_attribute("href") or "")[1:]
    expect(marked).to_be_in_viewport()
    # Nobody asked for what the panel does not need: the map is one page and one stylesheet.
    page.get_by_role("button", name="Hide the map").click()
    expect(figure).to_have_count(0)


def test_the_next_page_of_the_list_has_its_own_map(visitor: Callable[..., Page]) -> None:
    page = visitor()
    opened(page, f"{HERE}&radius=200")
    first = page.evaluate("[...document.querySelectorAll('.map__pins .map__pin')].map((it) => it.getAttribute('href'))")
    page.locator("a[rel=next]").click()
    page.get_by_role("button", name=OPEN, exact=True).click()
    expect(page.locator("#map[data-ready]")).to_be_visible()
    second = page.evaluate(
        "[...document.querySelectorAll('.map__pins .map__pin')].map((it) => it.getAttribute('href'))"
    )
    assert second
    assert not set(first) & set(second)
    assert set(second) <= set(
        page.evaluate("[...document.querySelectorAll('ol.cards .card')].map((it) => `#${it.id}`)")
    )


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_nothing_moves_when_the_map_comes_late(visitor: Callable[..., Page], width: int) -> None:
    page = visitor(viewport={"width": width, "height": 900})
    page.goto(HERE)
    page.evaluate("document.fonts.ready")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search/map?*", hold)
    with page.expect_request("**/search/map?*"):
        page.get_by_role("button", name=OPEN, exact=True).click()
    below = """[...document.querySelectorAll('#list, ol.cards .card')].slice(0, 6)
      .map((it) => it.getBoundingClientRect().top)"""
    page.wait_for_selector(".map-wait")
    page.wait_for_function(
        """() => { const all = [...document.querySelectorAll('link[rel=stylesheet]')];
          return all.length > 1 && all.every((it) => it.sheet); }"""
    )
    until(page, lambda: held, "the request for the map")
    drawn(page)
    before = page.evaluate(below)
    held[0].continue_()
    expect(page.locator("#map[data-ready]")).to_be_visible()
    assert page.evaluate(below) == pytest.approx(before, abs=2.9)


def test_clusters_come_apart_and_everybody_stays_in_one_sign(visitor: Callable[..., Page]) -> None:
    page = visitor()
    opened(page)
    everybody = {each for sign in signs(page) for each in sign}
    assert len(everybody) == len(people(page))
    counts = []
    for _ in range(3):
        now = signs(page)
        assert sum(len(each) for each in now) == len(everybody)
        counts.append(len(now))
        page.locator("[data-move=closer]").click()
    assert counts == sorted(counts)
    page.locator("[data-move=everybody]").click()
    largest = max(signs(page), key=len)
    assert len(largest) > 1
    cluster = page.locator(f".map__cluster[data-group='{', '.join(sorted(largest, key=int))}']")
    expect(cluster).to_have_attribute("aria-label", re.compile("stand close together"))
    cluster.focus()
    page.keyboard.press("Enter")
    assert largest not in signs(page)
    focused = page.evaluate(
        "document.activeElement.dataset.number ?? document.activeElement.dataset.group.split(', ')[0]"
    )
    assert focused == min(largest, key=int)


def test_script_and_server_put_the_same_people_together(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(MAP)
    source = page.locator("script[src*='map.js']").get_attribute("src")
    random = Random(20261126)
    for apart in (0.0, 20.0, 44.0, 90.0):
        spots = [(round(random.uniform(-200, 200), 1), round(random.uniform(-200, 200), 1)) for _ in range(20)]
        theirs = page.evaluate(
            "([source, spots, apart]) => import(source).then((map) => map.grouped(spots, apart))",
            [source, [{"x": x, "y": y} for x, y in spots], apart],
        )
        ours = pins.grouped(spots, apart=apart)
        assert [tuple(each["members"]) for each in theirs] == [each.members for each in ours]


def test_the_map_follows_the_slider(visitor: Callable[..., Page]) -> None:
    page = visitor()
    figure = opened(page, f"{HERE}&radius=200")
    figure.evaluate("it => { it.dataset.old = '' }")
    before = people(page)
    page.locator("#slider input[type=range]").fill("0")
    expect(page.locator("#map[data-ready]:not([data-old])")).to_be_visible()
    assert people(page) != before
    targets = page.evaluate(
        "[...document.querySelectorAll('.map__pins .map__pin')].map((it) => it.getAttribute('href'))"
    )
    cards = page.evaluate("[...document.querySelectorAll('ol.cards > li > .card')].map((it) => `#${it.id}`)")
    assert [each for each in cards if each in set(targets)] == targets
    page.locator("ol.cards .card").first.hover()
    expect(page.locator("#map [data-said]")).to_contain_text("1: ")


def test_the_map_by_keyboard_alone(visitor: Callable[..., Page]) -> None:
    page = visitor(reduced_motion="reduce")
    page.goto(HERE)
    tab_to(page, page.get_by_role("button", name=OPEN, exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    tab(page)
    assert page.evaluate("document.activeElement.textContent") == "Skip the map"
    tab(page)
    assert page.evaluate("document.activeElement.matches('.map__pins > a')")
    before = view(page)
    page.keyboard.press("ArrowRight")
    assert view(page)[0] > before[0]
    page.keyboard.press("ArrowUp")
    assert view(page)[1] < before[1]
    page.keyboard.press("+")
    assert view(page)[2] == pytest.approx(before[2] / 2)
    expect(page.locator("[data-told]")).to_contain_text(re.compile("In view now|Nobody is in view now"))
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert view(page) == before
    # The whole circle is another drawing, which takes the place of this one; the focus stays on its button.
    whole = page.get_by_role("button", name="The whole circle")
    whole.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map[data-zoom='1']")).to_be_visible()
    expect(page.get_by_role("button", name="The whole circle")).to_be_focused()
    assert urlsplit(page.url).path == "/search"


def test_the_map_by_pointer_and_wheel(visitor: Callable[..., Page]) -> None:
    page = visitor(viewport={"width": 1280, "height": 900})
    figure = opened(page)
    figure.scroll_into_view_if_needed()
    box = page.locator(".map__sheet").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    here = figure.locator("[data-here]")
    expect(here).to_be_hidden()
    before = view(page)
    page.mouse.move(x + 60, y + 90)
    page.mouse.down()
    page.mouse.move(x - 40, y + 30, steps=4)
    page.mouse.up()
    moved = view(page)
    assert moved[0] > before[0]
    assert moved[1] > before[1]
    page.mouse.wheel(0, -240)
    assert view(page) == moved, "a wheel without Ctrl scrolls the page"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_function(
        "width => document.querySelector('.map__sheet').viewBox.baseVal.width < width", arg=before[2]
    )
    expect(here).to_be_visible()
    place = parse_qs(urlsplit(here.get_attribute("href") or "").query)["place"][0]
    assert re.fullmatch(r"-?\d+\.\d\d, -?\d+\.\d\d", place)
    here.click()
    expect(page.locator("#made-for")).to_contain_text(place)


def test_a_telephone_shows_the_map_within_its_edges_and_buttons_a_finger_meets(visitor: Callable[..., Page]) -> None:
    page = visitor(**PHONE)
    opened(page)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert layout.sticking_out(page, width) == []
        small = page.evaluate(
            """() => [...document.querySelectorAll('.map__move, .map__hit')].filter((it) => it.checkVisibility()
                && it.closest('.map__body')).map((it) => it.getBoundingClientRect())
              .filter((box) => box.width < 43 || box.height < 43).length"""
        )
        assert small == 0
        near = page.evaluate(
            """() => { const at = [...document.querySelectorAll('.map__pins > a')]
                .filter((it) => it.checkVisibility() && it.closest('.map__body'))
                .map((it) => it.querySelector('.map__hit').getBoundingClientRect());
              return at.some((one, i) => at.some((other, j) => j < i
                && Math.hypot(one.x - other.x, one.y - other.y) < 43)); }"""
        )
        assert not near
    # One finger scrolls the page.
    assert page.locator(".map__sheet").evaluate("it => getComputedStyle(it).touchAction") == "pan-x pan-y"


def test_without_script_the_map_is_a_page_of_links(visitor: Callable[..., Page]) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(HERE)
    listed = people(page)
    page.get_by_role("link", name=OPEN, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map of acupuncturists near 97214")
    page.wait_for_load_state()
    words = page.locator(".map-people .map-people__name a")
    assert [each.get_attribute("href") for each in words.all()] == listed
    expect(page.locator(".map__sheet")).to_be_visible()
    page.get_by_role("link", name="Closer", exact=True).click()
    expect(page.locator(".map__sheet")).to_be_visible()
    page.get_by_role("link", name="Go north").click()
    page.get_by_role("link", name="The whole circle").click()
    expect(page.locator("#map")).to_have_attribute("data-zoom", "1")
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_load_state()
    assert people(page) == listed


def test_a_map_that_does_not_come_says_so_and_leaves_a_link(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(HERE)
    page.route("**/search/map?*", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name=OPEN, exact=True).click()
    expect(page.get_by_text("The map did not come.")).to_be_visible()
    expect(page.locator("ol.cards .card").first).to_be_visible()
    page.unroute("**/search/map?*")
    page.get_by_role("link", name=OPEN, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map of acupuncturists")


def test_a_drawing_that_does_not_come_is_followed_as_a_link(visitor: Callable[..., Page]) -> None:
    page = visitor()
    opened(page)
    page.route("**/search/map?*look=*", lambda route: route.fulfill(status=503), times=1)
    page.get_by_role("button", name="The whole circle").click()
    page.wait_for_url("**/search/map?*look=*")
    expect(page.locator("#map[data-zoom='1']")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_keep_their_edges_in_forced_colours(visitor: Callable[..., Page], scheme: str) -> None:
    page = visitor(forced_colors="active", color_scheme=scheme)
    opened(page)
    colours = page.evaluate(
        """() => { const of = (name, what) => getComputedStyle(document.querySelector(name))[what];
          return [of('.map__pins > .map__cluster .map__dot', 'fill'), of('.map__land', 'fill'),
            of('.map__shore', 'stroke')]; }"""
    )
    assert colours[0] != colours[1]
    assert colours[2] != colours[1]


# --- streets ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiles() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """A host of street maps, and everything it was asked with the Referer it was told."""
    asked: list[tuple[str, str | None]] = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *_: object) -> None:
            pass

    host = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_port}", asked
    host.shutdown()
    host.server_close()


@pytest.fixture(scope="module")
def with_streets(
    site: Site, tiles: tuple[str, list[tuple[str, str | None]]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The same site of an operator who named that host."""
    folder, log = site.database.parents[1], tmp_path_factory.mktemp("streets") / "server.log"
    settings = {"MAP_TILE_URL": f"{tiles[0]}/{{z}}/{{x}}/{{y}}.png", "MAP_TILE_CREDIT": "© Example Maps"}
    with server.serving(folder, log, **settings) as streets:
        yield streets


def under_way(context: BrowserContext, host: str) -> set[Request]:
    """What this host was asked for and has not answered yet, from now on."""
    found: set[Request] = set()
    context.on("request", lambda request: found.add(request) if request.url.startswith(host) else None)

    def over(request: Request) -> None:
        found.discard(request)

    context.on("requestfinished", over)
    context.on("requestfailed", over)
    return found


def all_came(page: Page, waiting: set[Request]) -> None:
    """Wait until what the page shows has been asked for and answered."""
    drawn(page)
    until(page, lambda: not waiting, "the answer to each request for a tile")


def test_streets_are_asked_for_only_after_consent_and_not_after_it_is_taken_back(
    new_context: Callable[..., BrowserContext], with_streets: Site, tiles: tuple[str, list[tuple[str, str | None]]]
) -> None:
    host, asked = tiles
    context = new_context(base_url=with_streets.origin, viewport={"width": 1000, "height": 900})
    waiting = under_way(context, host)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    opened(page)
    page.locator("[data-move=closer]").click()
    page.get_by_text("What the signs mean, and streets").click()
    show = page.get_by_role("button", name=re.compile(r"Show streets \(asks 127\.0\.0\.1, which then learns"))
    expect(show).to_be_visible()
    expect(page.get_by_text("© Example Maps")).to_be_hidden()
    assert asked == []

    show.click()
    expect(page.get_by_text("© Example Maps")).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.map__tiles image').length >= 4")
    all_came(page, waiting)
    assert len(asked) >= 4
    for path, referer in asked:
        level, column, row = map(int, re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", path).groups())  # type: ignore[union-attr]
        assert referer is None
        assert 8 <= level <= 18
        # Portland lies at 122.6° west and 45.5° north.
        assert column / 2**level == pytest.approx((180 - 122.64) / 360, abs=0.01)
        assert row / 2**level == pytest.approx(0.3575, abs=0.01)

    page.get_by_role("button", name="Hide the streets").click()
    expect(page.locator(".map__tiles image")).to_have_count(0)
    all_came(page, waiting)
    before = len(asked)
    page.locator("[data-move=north]").click()
    page.goto(MAP)
    expect(page.locator("#map[data-ready]")).to_be_visible()
    all_came(page, waiting)
    assert len(asked) == before

    # Consent given lasts for this tab and for no other.
    page.get_by_text("What the signs mean, and streets").click()
    page.get_by_role("button", name=re.compile("Show streets")).click()
    page.reload()
    expect(page.locator(".map__tiles image").first).to_be_attached()
    other = context.new_page()
    other.goto(MAP)
    expect(other.locator("#map[data-ready]")).to_be_visible()
    expect(other.locator(".map__tiles image")).to_have_count(0)
    assert complaints == []


def test_streets_that_do_not_answer_leave_the_map_as_it_is(
    new_context: Callable[..., BrowserContext], with_streets: Site, tiles: tuple[str, list[tuple[str, str | None]]]
) -> None:
    page = new_context(base_url=with_streets.origin).new_page()
    page.route(f"{tiles[0]}/**", lambda route: route.abort())
    page.goto(MAP)
    page.get_by_text("What the signs mean, and streets").click()
    page.get_by_role("button", name=re.compile("Show streets")).click()
    expect(page.locator(".map__pins > a:visible").first).to_be_visible()
    page.get_by_role("button", name="Hide the streets").click()
    expect(page.locator(".map__land").first).to_be_attached()
