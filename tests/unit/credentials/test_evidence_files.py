"""What becomes of files: honest ones lose everything but their pages and pixels, all others are refused in words."""

from __future__ import annotations

import io
import resource
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from directory.credentials.evidence import documents, pictures, sniffing, workbench
from directory.credentials.evidence.terms import SENTENCES, Fault, FileRefused, MediaType
from tests import files

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def _fault(content: bytes, name: str = "") -> Fault:
    with pytest.raises(FileRefused) as refused:
        workbench.renew(content, name)
    assert str(refused.value) == SENTENCES[refused.value.fault]
    return refused.value.fault


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.pdf(), MediaType.PDF),
        (files.picture(), MediaType.JPEG),
        (files.picture("PNG"), MediaType.PNG),
        (files.picture("HEIF"), MediaType.HEIC),
    ],
    ids=lambda each: str(each) if isinstance(each, MediaType) else "",
)
def test_kinds_are_told_by_their_bytes(content: bytes, kind: MediaType) -> None:
    assert sniffing.kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        SVG,
        b"\xef\xbb\xbf" + SVG,
        b"GIF89a" + bytes(20),
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"MZ" + bytes(99),
        b"%!PS",
        b"x",
        files.archive(),
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1",
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
    ],
)
def test_other_kinds_are_refused_whatever_their_name(content: bytes) -> None:
    for name in ("licence.pdf", "licence.jpg", "licence"):
        assert _fault(content, name) is Fault.UNKNOWN_KIND


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_under_any_name_are_told_or_refused(content: bytes, name: str) -> None:
    try:
        kind = sniffing.check(content, name)
    except FileRefused:
        return
    assert content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")) or kind is MediaType.HEIC


@pytest.mark.parametrize(
    "name",
    [
        "licence.pdf",
        "LICENCE.PDF",
        "no ending",
        "",
        "Dr. Underhill",
        "scan 2026.11.24",
        "../../etc/passwd",
        "a\\b.pdf",
        "../../x.pdf",
        "licence.pdf ",
        "\0.pdf",
        "ends with a dot.",
    ],
)
def test_a_name_that_fits_or_says_nothing_is_fine(name: str) -> None:
    sniffing.check_name(name, MediaType.PDF)


@pytest.mark.parametrize("name", ["a.jpg", "a.pdf.exe", "a.html", "x/y.svg", "a.pdf/b.php", "a.PHP"])
def test_a_name_that_ends_otherwise_is_refused(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        sniffing.check_name(name, MediaType.PDF)
    assert refused.value.fault is Fault.OTHER_NAME


def test_nothing_and_too_much_are_refused() -> None:
    assert _fault(b"") is Fault.EMPTY
    assert _fault(b"%PDF-" + bytes(10 * 1024 * 1024)) is Fault.TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [files.picture() + files.archive(), files.pdf() + files.archive(), files.picture("PNG") + files.archive()],
    ids=["jpeg", "pdf", "png"],
)
def test_a_file_with_an_archive_behind_it_is_refused(content: bytes) -> None:
    assert _fault(content) is Fault.SECOND_FILE


def test_a_pdf_behind_something_else_is_refused() -> None:
    assert _fault(HTML + files.pdf()) is Fault.LATE_BEGINNING
    assert _fault(b"GIF89a" + files.pdf()) is Fault.LATE_BEGINNING
    assert _fault(b"\n" + files.pdf()) is Fault.LATE_BEGINNING


def test_a_page_inside_a_comment_of_a_picture_is_gone() -> None:
    made = workbench.renew(files.picture(comment=HTML) + HTML, "photo.jpg").content
    assert b"script" not in made
    assert made.endswith(b"\xff\xd9")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
def test_nothing_says_where_and_when_a_picture_was_taken(form: str) -> None:
    sent = files.located(form)
    assert files.PLACE in sent
    made = workbench.renew(sent, "").content
    assert files.PLACE not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert picture.size == (640, 480)


@given(
    st.sampled_from(["L", "RGB", "1", "P", "CMYK", "LA", "RGBA", "I;16"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 8),
)
def test_every_kind_of_pixel_comes_out_upright_and_bare(mode: str, width: int, height: int, turn: int) -> None:
    form = "JPEG" if mode in ("L", "RGB", "CMYK") else "PNG"
    notes = Image.Exif()
    notes[0x0112] = turn
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form, exif=notes)
    kind, made = pictures.renew(out.getvalue(), MediaType(f"image/{form.lower()}"))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == ((height, width) if turn >= 5 else (width, height))
        assert picture.mode in ("L", "RGB")
        assert "exif" not in picture.info
        assert "icc_profile" not in picture.info
    assert kind is MediaType(f"image/{form.lower()}")


def test_colours_of_another_space_become_those_of_srgb() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    made = pictures.renew(files.picture(icc_profile=profile.tobytes()), MediaType.JPEG)[1]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = pictures.renew(files.picture(icc_profile=srgb), MediaType.JPEG)[1]
    for each in (made, same):
        with Image.open(io.BytesIO(each)) as picture:
            assert "icc_profile" not in picture.info
    with Image.open(io.BytesIO(same)) as picture:
        red, _, blue = picture.getpixel((5, 5))  # type: ignore[misc]
        assert red > 180
        assert blue < 60


def test_sixteen_bits_of_grey_stay_grey() -> None:
    out = io.BytesIO()
    Image.new("I;16", (10, 10), 128 * 256).save(out, "PNG")
    made = pictures.renew(out.getvalue(), MediaType.PNG)[1]
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.getpixel((0, 0)) == 128


def test_what_shows_through_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(pictures.renew(out.getvalue(), MediaType.PNG)[1])) as picture:
        assert picture.getpixel((0, 0)) == (255, 255, 255)


def test_of_a_film_the_first_picture_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(pictures.renew(out.getvalue(), MediaType.PNG)[1])) as picture:
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    "content",
    [files.png_of(20_000, 10_000), files.png_of(2**31 - 1, 2**31 - 1), files.picture(size=(20_000, 10_000), mode="L")],
    ids=["png", "png-of-all-sizes", "jpeg"],
)
def test_two_hundred_megapixels_are_refused_before_they_are_decoded(content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert _fault(content) is Fault.TOO_MANY_PIXELS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2
    with pytest.raises(FileRefused):
        pictures.renew(content, sniffing.kind_of(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_half_a_picture_is_refused(form: str, share: float) -> None:
    whole = files.located(form)
    assert _fault(whole[: int(len(whole) * share)]) in (Fault.BROKEN, Fault.UNKNOWN_KIND)


def test_a_large_picture_is_made_smaller() -> None:
    made = workbench.renew(files.picture(size=(6000, 3000)), "")
    with Image.open(io.BytesIO(made.content)) as picture:
        assert picture.size == (4096, 2048)


def test_a_photo_of_a_profile_is_two_squares() -> None:
    made = workbench.portrait(files.located(), "me.jpeg")
    for content, side in ((made.large, 480), (made.small, 160)):
        assert files.PLACE not in content
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.size == ((side, side) if side == 160 else (640, 640))
            assert picture.format == "JPEG"


def test_a_photo_must_be_a_picture_of_some_size() -> None:
    with pytest.raises(FileRefused) as refused:
        workbench.portrait(files.pdf(), "")
    assert refused.value.fault is Fault.NO_PICTURE
    with pytest.raises(FileRefused) as refused:
        workbench.portrait(files.picture(size=(500, 200)), "")
    assert refused.value.fault is Fault.TOO_SMALL


JS = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    "content",
    [
        files.pdf(OpenAction=JS),
        files.pdf(AA=Dictionary(WC=JS)),
        files.pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array(["x", JS])))),
        files.pdf(OpenAction=Dictionary(S=Name.GoTo, D=Array([]), Next=Array([Dictionary(S=Name.Named, Next=JS)]))),
        files.pdf(OpenAction=Dictionary(S=Name.Launch, F="calc.exe")),
        files.pdf(AcroForm=Dictionary(Fields=Array([]), XFA=Array([]))),
        files.pdf(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))),
        files.link(Dictionary(S=Name.SubmitForm, F="http://example.org")),
        files.link(Dictionary(S=Name.GoToE)),
        files.link(Dictionary(S=Name.GoToR, F="//host/share")),
        files.link(Dictionary(S=Name.ImportData)),
        files.pdf(Somewhere=Dictionary(Deep=Array([Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])]))),
        files.pdf(Somewhere=Dictionary(Subtype=Name.FileAttachment)),
    ],
)
def test_a_pdf_that_acts_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        documents.renew(content)
    assert refused.value.fault is Fault.ACTIVE


def test_an_attachment_is_refused() -> None:
    document = Pdf.new()
    document.add_blank_page()
    document.attachments["program.exe"] = b"MZ"
    assert _fault(files.written(document)) is Fault.ACTIVE


def test_what_only_points_somewhere_is_dropped_and_the_pages_stay() -> None:
    sent = files.pdf(2, OpenAction=Array([]), Outlines=Dictionary(Title="x"), PageMode=Name.UseOutlines)
    with Pdf.open(io.BytesIO(documents.renew(sent)[0])) as made:
        assert set(made.Root.keys()) == {"/Type", "/Pages"}
        assert len(made.pages) == 2
    linked = files.link(Dictionary(S=Name.URI, URI="http://tracker.example/1"))
    assert b"tracker" not in documents.renew(linked)[0]


def test_nothing_says_who_made_a_document() -> None:
    document = Pdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = "Somebody Else"
    with document.open_metadata() as told:
        told["dc:creator"] = ["Somebody Else"]
    sent = files.written(document, compress_streams=False)
    assert b"Somebody Else" in sent
    made, pages = documents.renew(sent)
    assert pages == 1
    with Pdf.open(io.BytesIO(made)) as opened:
        assert "/Info" not in opened.trailer
    assert b"Somebody" not in made


def test_a_photo_on_a_page_does_not_say_where_it_was_taken() -> None:
    sent = files.pdf_with_picture(files.located())
    assert files.PLACE in sent
    made = documents.renew(sent)[0]
    assert files.PLACE not in made
    with Pdf.open(io.BytesIO(made)) as opened:
        shown = pikepdf.PdfImage(next(iter(opened.pages[0].get_images().values()))).as_pil_image()
        red, _, blue = shown.convert("RGB").getpixel((5, 5))
        assert red > 180
        assert blue < 60


def test_what_somebody_filled_in_is_painted_onto_the_page() -> None:
    document = Pdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    look = document.make_stream(b"0 0 50 10 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 10]))
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="number", V="AC 1234", F=4, Rect=Array([0, 0, 50, 10])
        )
    )
    field.AP = Dictionary(N=look)
    page.obj.Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))
    made = documents.renew(files.written(document))[0]
    with Pdf.open(io.BytesIO(made)) as opened:
        assert "/Annots" not in opened.pages[0].obj
        assert b"Do" in b"".join(each.read_bytes() for each in opened.pages[0].Contents)


@pytest.mark.parametrize("owner_only", [True, False])
def test_a_locked_pdf_is_refused(owner_only: bool) -> None:
    assert _fault(files.locked(owner_only)) is Fault.LOCKED


def test_pages_are_counted_and_bounded() -> None:
    assert workbench.renew(files.pdf(3), "licence.pdf").pages == 3
    with pytest.raises(FileRefused) as refused:
        documents.renew(files.pdf(51))
    assert refused.value.fault is Fault.TOO_MANY_PAGES


@pytest.mark.parametrize(
    "content",
    [
        files.pdf_drawing(files.zeros_packed(1024), Name.FlateDecode),
        files.pdf_drawing(zlib.compress(files.zeros_packed(1024)), Array([Name.FlateDecode] * 2)),
        files.pdf_drawing(zlib.compress(bytes(10)), Array([Name.FlateDecode] * 20)),
    ],
    ids=["once", "twice", "many-times"],
)
def test_a_bomb_is_refused_at_once(content: bytes) -> None:
    assert len(content) < 1_200_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert _fault(content) in (Fault.TOO_DEMANDING, Fault.BROKEN)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 2


def test_a_bomb_among_the_tables_of_a_document_is_refused_at_once() -> None:
    """The list of objects is packed too, and is unpacked when the document is opened."""
    packed = files.zeros_packed(1024)
    body = (
        b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    table = b"3 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    content = body + table + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert _fault(content) in (Fault.TOO_DEMANDING, Fault.BROKEN)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 10


def test_a_pdf_of_rubbish_is_refused() -> None:
    assert _fault(b"%PDF-1.7\n" + b"rubbish " * 1000) is Fault.BROKEN


@given(st.binary(max_size=300))
def test_no_bytes_behind_the_beginning_of_a_pdf_are_more_than_refused(rest: bytes) -> None:
    with pytest.raises(FileRefused):
        documents.renew(b"%PDF-1.7\n" + rest)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_document_with_a_few_wrong_bytes_is_made_anew_or_refused(at: int, wrong: bytes) -> None:
    whole = files.pdf_with_picture(files.picture(size=(20, 20)))
    at %= len(whole)
    try:
        documents.renew(whole[:at] + wrong + whole[at + len(wrong) :])
    except FileRefused:
        return
