"""Pictures are judged by content and size, turned upright, reduced, and come out without notes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gridmap.errors import InputError
from gridmap.sources import pictures

# The library grumbles over damaged notes; the module silences it, each test anew would not.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def scene(width=80, height=60):
    """Red left half, blue right half; a white corner top left."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2] = (220, 30, 30)
    pixels[:, width // 2 :] = (30, 30, 220)
    pixels[: height // 4, : width // 4] = 255
    return Image.fromarray(pixels)


def file(image, form="JPEG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def notes(*, orientation=1, gps=None, taken=None, offset=None):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A phone of mine"
    if gps:
        exif.get_ifd(0x8825).update(gps)
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    return exif


XINXIANG = {1: "N", 2: (35.0, 18.0, 10.8), 3: "E", 4: (113.0, 55.0, 12.0)}


def opened(picture):
    return Image.open(io.BytesIO(picture.data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_come_out_as_plain_jpeg(form) -> None:
    picture = pictures.read(file(scene(), form))
    assert (picture.width, picture.height) == (80, 60)
    assert opened(picture).format == "JPEG"
    assert opened(picture).mode == "RGB"
    assert (picture.lon, picture.lat, picture.taken_at) == (None, None, None)


def test_place_and_time_are_read_and_nothing_of_the_notes_is_kept() -> None:
    data = file(
        scene(),
        exif=notes(gps=XINXIANG, taken="2024:05:21 08:40:00"),
        comment=b"call 13800000000",
    )
    assert b"A phone of mine" in data
    picture = pictures.read(data)
    assert picture.lon == pytest.approx(113.92)
    assert picture.lat == pytest.approx(35.303)
    assert picture.taken_at == 1_716_252_000  # 2024-05-21T08:40+08:00
    assert not opened(picture).getexif()
    assert b"Exif" not in picture.data
    assert b"13800000000" not in picture.data
    assert b"A phone of mine" not in picture.data


def test_a_time_with_an_offset_is_that_moment() -> None:
    data = file(scene(), exif=notes(taken="2024:05:21 00:40:00", offset="+00:00"))
    assert pictures.read(data).taken_at == 1_716_252_000


def test_south_and_west_are_negative() -> None:
    gps = {**XINXIANG, 1: "S", 3: "W"}
    picture = pictures.read(file(scene(), exif=notes(gps=gps)))
    assert (picture.lon, picture.lat) == (pytest.approx(-113.92), pytest.approx(-35.303))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = scene() if orientation == 1 else scene().transpose(undo[orientation])
    picture = pictures.read(file(stored, quality=95, exif=notes(orientation=orientation)))
    assert (picture.width, picture.height) == (80, 60)
    pixels = np.asarray(opened(picture)).astype(int)
    assert pixels[5, 5].min() > 220, "the white corner is top left"
    assert pixels[40, 20, 0] > 180
    assert pixels[40, 60, 2] > 180


def test_long_sides_are_reduced_and_proportions_kept() -> None:
    picture = pictures.read(file(scene(4000, 3000)))
    assert (picture.width, picture.height) == (2048, 1536)


def test_what_was_transparent_is_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert np.asarray(opened(pictures.read(file(clear, "PNG")))).min() > 250


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_depth_is_taken(mode) -> None:
    image = Image.new(mode, (16, 16))
    assert pictures.read(file(image, "PNG")).width == 16


def test_a_bomb_is_refused_by_its_head_before_it_is_unpacked() -> None:
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body))
            + kind
            + body
            + struct.pack(">I", zlib.crc32(kind + body))
        )

    for side in (6_400, 12_000, 30_000, 2**31 - 1):
        head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        bomb = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(b""))
            + chunk(b"IEND", b"")
        )
        with pytest.raises(InputError) as caught:
            pictures.read(bomb)
        assert caught.value.faults[0].field == "photo"
        assert caught.value.faults[0].rule == pictures.TOO_LARGE, side


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"MZ" + bytes(200),
        b"\0" * 5000,
    ],
)
def test_what_is_no_picture_is_refused(data) -> None:
    with pytest.raises(InputError) as caught:
        pictures.read(data)
    assert caught.value.faults[0].field == "photo"
    assert caught.value.faults[0].cure


def test_a_picture_cut_short_is_refused() -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        whole = file(scene(400, 300), form)
        with pytest.raises(InputError):
            pictures.read(whole[: len(whole) // 2])


def test_more_than_twelve_megabytes_are_refused() -> None:
    with pytest.raises(InputError, match="12 MB"):
        pictures.read(b"\xff\xd8" + bytes(12 * 2**20))


@given(st.data())
def test_damage_is_refused_or_survived_never_a_crash(data) -> None:
    whole = bytearray(DAMAGED[data.draw(st.sampled_from(sorted(DAMAGED)))])
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = pictures.read(bytes(whole))
    except InputError:
        return
    assert opened(picture).format == "JPEG"
    assert not opened(picture).getexif()


DAMAGED = {
    form: file(
        scene(40, 30),
        form,
        exif=notes(orientation=6, gps=XINXIANG, taken="2024:05:21 08:40:00"),
    )
    for form in ("JPEG", "PNG", "WEBP")
}
