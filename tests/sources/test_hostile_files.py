"""Files that try to make us read, write or hold what we should not."""

import zipfile
from pathlib import Path

import pytest
from files import layer, write

from gridmap.errors import InputError
from gridmap.sources import ogr, shapefile
from gridmap.sources.grids import read_grids
from gridmap.sources.sniff import Format, format_of


def refused(path):
    with pytest.raises(InputError) as caught:
        read_grids(path)
    return caught.value.faults[0]


def vrt(target):
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="grids"><SrcDataSource>{target}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


@pytest.mark.parametrize("lead", ["", "\n  ", "\ufeff"])
def test_a_virtual_layer_under_another_name_is_not_followed(tmp_path, lead):
    secret = write(layer(), tmp_path / "secret.gpkg")
    path = tmp_path / "grids.geojson"
    path.write_text(lead + vrt(secret), encoding="utf-8")
    assert "XML" in refused(path).rule


def test_a_virtual_layer_in_a_zip_is_not_followed(tmp_path):
    secret = write(layer(), tmp_path / "secret.gpkg")
    path = tmp_path / "grids.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("grids.shp", "grids.shx", "grids.dbf"):
            archive.writestr(name, vrt(secret))
    assert "no Shapefile" in refused(path).rule


def test_json_that_only_a_driver_would_follow_is_no_geojson(tmp_path):
    path = tmp_path / "grids.geojson"
    path.write_text(
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}'
    )
    assert "no GeoJSON" in refused(path).rule


def test_the_reader_has_one_driver_alone(tmp_path):
    """A GeoPackage given to the FlatGeobuf driver can't be opened: nothing else is there to
    open it.
    """
    path = write(layer(), tmp_path / "a.gpkg")
    with pytest.raises(InputError):
        ogr.read_ogr(path, Format.FLATGEOBUF)


def test_settings_of_the_environment_do_not_reach_the_reader(tmp_path, monkeypatch):
    monkeypatch.setenv("GDAL_SKIP", "GPKG")
    monkeypatch.setenv("OGR_GPKG_FOREIGN_KEY_CHECK", "NO")
    assert len(read_grids(write(layer(), tmp_path / "a.gpkg"))) == 4


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("grids.shp", "grids.shx", "grids.dbf"):
            archive.writestr(name, b"\x00" * (60 * 2**20))
    assert path.stat().st_size < 2**20
    assert "times its size" in refused(path).rule


def test_a_zip_of_very_many_members_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(shapefile.MAX_MEMBERS + 1):
            archive.writestr(f"{number}.txt", b"")
    assert "members" in refused(path).rule


def test_a_zip_that_climbs_out_of_its_folder_writes_nowhere_else(tmp_path):
    good = write(layer(), tmp_path / "a.zip")
    path = tmp_path / "climber.zip"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as archive:
        for member in source.infolist():
            suffix = Path(member.filename).suffix
            archive.writestr(
                f"../../../../tmp/gridmap-climber{suffix}", source.read(member)
            )
    assert len(read_grids(path)) == 4
    assert not Path("/tmp/gridmap-climber.shp").exists()


@pytest.mark.parametrize("names", [(), ("a.shp", "b.shp"), ("a.shp", "a.shx")])
def test_a_zip_that_holds_not_one_whole_shapefile_is_refused(tmp_path, names):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (*names, "readme.txt"):
            archive.writestr(name, b"x")
    assert "Shapefile" in refused(path).rule


@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb", "a.parquet", "a.zip"])
def test_a_file_cut_short_is_refused_with_a_sentence(tmp_path, name):
    path = write(layer(), tmp_path / name)
    path.write_bytes(path.read_bytes()[:700])
    fault = refused(path)
    assert fault.file == name
    assert fault.cure


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "kind"),
        (b"code,name\n1,2\n", "kind"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 96, "zip"),
    ],
)
def test_other_files_are_refused_with_what_they_are(tmp_path, content, word):
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    assert word in refused(path).rule


def test_what_is_no_file_is_refused(tmp_path):
    assert "no such file" in refused(tmp_path / "nothing.gpkg").rule
    assert "no such file" in refused(tmp_path).rule


def test_gb18030_texts_of_a_shapefile_are_read_without_a_code_page(tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    layer().to_file(folder / "grids.shp", encoding="gb18030")
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            content = bytearray(part.read_bytes())
            if part.suffix == ".dbf":
                content[29] = 0  # no language driver either
            if part.suffix != ".cpg":
                archive.writestr(part.name, bytes(content))
    assert format_of(path) is Format.SHAPEFILE_ZIP
    assert read_grids(path)["name"].tolist() == ["第一网格", "第二网格", "市场", "第二网格"]
