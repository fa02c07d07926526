"""Photos as phones send them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def picture(seed=0, size=(64, 48), **notes):
    pixels = np.random.default_rng(seed).integers(
        0, 255, (size[1], size[0], 3), dtype=np.uint8
    )
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = notes.get("orientation", 1)
    exif[0x010F] = "Maker of phones"
    if "gps" in notes:
        exif.get_ifd(0x8825).update(notes["gps"])
    Image.fromarray(pixels).save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(client, data, client_id="", kind="image/jpeg"):
    return client.post(
        "/api/v1/photos",
        params={"client_id": client_id},
        content=data,
        headers={"Content-Type": kind},
    )
