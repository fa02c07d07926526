import numpy as np
import shapely

from gridmap.demo.counties import read_outlines, repair_outlines
from gridmap.settings import data_folder

PUBLISHED = read_outlines(data_folder() / "counties.geojson")


def test_published_outlines_are_faulty_and_mended_ones_cover():
    mended = np.array(list(repair_outlines(PUBLISHED).values()), dtype=object)
    assert not shapely.is_valid(np.array(list(PUBLISHED.values()), dtype=object)).any()
    assert shapely.coverage_is_valid(mended)
    assert all(shape.geom_type == "Polygon" and not shape.interiors for shape in mended)
    assert shapely.union_all(mended).geom_type == "Polygon"


def test_changyuan_bears_its_present_code():
    assert 410783 in PUBLISHED
    assert 410728 not in PUBLISHED
