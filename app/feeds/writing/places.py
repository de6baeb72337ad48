"""Offices on a map: GeoJSON (RFC 7946), written feature by feature."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from app.feeds.cells import plain


def write_geojson(file: BinaryIO, rows: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """A FeatureCollection of the offices that have a position; how many have, and lack, one.

    Offices without one cannot be drawn; the foreign member `without_position` (RFC 7946, 6.1)
    says how many they are.
    """
    drawn = lacking = 0
    file.write(b'{"type":"FeatureCollection","features":[')
    for row in rows:
        if row["latitude"] is None:
            lacking += 1
            continue
        file.write(b",\n" if drawn else b"\n")
        file.write(json.dumps(_feature(row), ensure_ascii=False).encode())
        drawn += 1
    file.write(f'\n],"without_position":{lacking}}}\n'.encode())
    return drawn, lacking


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    told = plain(row)
    return {
        "type": "Feature",
        "id": told["code"],
        # Longitude first, then latitude (RFC 7946, 3.1.1).
        "geometry": {"type": "Point", "coordinates": [told["longitude"], told["latitude"]]},
        "properties": {
            name: value
            for name, value in told.items()
            if name not in {"id", "latitude", "longitude"}
        },
    }
