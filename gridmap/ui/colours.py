"""Colours of maps: sequential, diverging and categorical schemes, none of them red against green.

On a light ground more is darker, on a dark ground more is brighter: the same colours, taken
from the other end, so that much always stands out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")

_ANCHORS = {
    # Yellow-green to indigo: how much there is.
    "activity": (
        "#f4f4cf",
        "#d3ebb9",
        "#98d5b9",
        "#57bcc1",
        "#2c97bd",
        "#2b6aa8",
        "#2a3f8c",
        "#1b2260",
    ),
    # Sand to dark red-brown: how much weighs on people.
    "load": (
        "#fbeed2",
        "#f8d6a0",
        "#f3b76b",
        "#e98f45",
        "#d5662f",
        "#b04125",
        "#82261f",
        "#561417",
    ),
    # Pale to deep violet: what is missing.
    "lack": (
        "#f3ecf6",
        "#dfd0e8",
        "#c5afd9",
        "#a98cc8",
        "#8d68b3",
        "#724499",
        "#55257a",
        "#380d57",
    ),
    # Blue to orange through near white: below and above a meaningful zero.
    "balance": (
        "#1f5f9c",
        "#5c97c6",
        "#a9cbe2",
        "#eeeeea",
        "#f5c891",
        "#dd8a3c",
        "#a8541b",
    ),
}
SEQUENTIAL = ("activity", "load", "lack")
DIVERGING = ("balance",)


def scheme(name: str, classes: int, *, dark: bool = False) -> tuple[str, ...]:
    """`classes` colours (#rrggbb) of the scheme `name`, from least to most.

    Raises KeyError for a name there is not.
    """
    anchors = _ANCHORS[name]
    if name in SEQUENTIAL and dark:
        anchors = anchors[::-1]
    if classes == 1:
        return (mix(anchors, 0.6),)
    # The palest end is close to the ground: few classes start a little further in.
    low = 0.04 if name in SEQUENTIAL and classes < 7 else 0.0
    return tuple(
        mix(anchors, low + (1 - low) * step / (classes - 1)) for step in range(classes)
    )


def classed(
    name: str, limits: Sequence[float] | npt.NDArray[np.float64], *, dark: bool = False
) -> tuple[str, ...]:
    """The colours of the classes between `limits`; where there is nothing anywhere, the
    palest: it does not look like much.
    """
    if name in SEQUENTIAL and len(limits) == 2 and limits[-1] <= 0:
        return scheme(name, 2, dark=dark)[:1]
    return scheme(name, len(limits) - 1, dark=dark)


def mix(anchors: Sequence[str], at: float) -> str:
    """The colour at `at` (0 to 1) along `anchors`."""
    place = min(max(at, 0.0), 1.0) * (len(anchors) - 1)
    low = min(int(place), len(anchors) - 2) if len(anchors) > 1 else 0
    start, end = rgb(anchors[low]), rgb(anchors[min(low + 1, len(anchors) - 1)])
    share = place - low
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}" for a, b in zip(start, end, strict=True)
    )


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ramp(colours: Sequence[str], steps: int = 32) -> list[list[int]]:
    """RGBA steps for a heat image: nothing where nothing is, then through `colours` to the last."""
    found = []
    for step in range(steps):
        at = step / (steps - 1)
        found.append([*rgb(mix(colours, at)), round(255 * min(1.0, at * 4) ** 0.8)])
    return found
