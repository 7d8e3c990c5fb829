"""The frame of a map on a screen: the same script for every map, files by their digests, nothing kept of a tap."""

from __future__ import annotations

import streamlit as st
import streamlit_folium

from geo.maps.answer_map import Marker, Origin, answer_map
from geo.maps.map_component import LocalMap
from pages.common import map_view
from tests.worlds.files.hostile import HOSTILE


def sent(monkeypatch, drawn: LocalMap) -> dict:
    """What the browser is sent for a map."""
    told: dict = {}
    monkeypatch.setattr(streamlit_folium, "_component_func", lambda **said: told.update(said))
    map_view.show(drawn, key="map")
    return told


def hostile_map(text: str) -> LocalMap:
    return answer_map(Origin(46.4, 27.1, text), [Marker(1, 46.5, 27.0, text, (text,), is_confirmed=True)], note=text)


def test_every_map_sends_the_same_script_whatever_it_shows(monkeypatch):
    script = sent(monkeypatch, LocalMap({}))["script"]
    assert map_view.frame_script().startswith(script)
    for text in HOSTILE:
        told = sent(monkeypatch, hostile_map(text))
        assert told["script"] == script, text
        assert told["header"] == sent(monkeypatch, LocalMap({}))["header"], text
        assert told["html"].count("<") == 2, text  # the data block, and nothing else


def test_a_map_with_other_data_is_another_frame_and_one_with_the_same_is_not(monkeypatch):
    first, second = (sent(monkeypatch, hostile_map(text))["key"] for text in ("a", "b"))
    assert first != second
    assert sent(monkeypatch, hostile_map("a"))["key"] == first


def test_files_are_asked_for_by_their_digests(monkeypatch):
    told = sent(monkeypatch, LocalMap({}))
    assert len(told["js_links"]) == 3
    assert all("?v=" in address for address in (*told["js_links"], *told["css_links"]))


def test_the_point_of_a_tap_is_told_and_not_kept(monkeypatch):
    def tap(_drawn, *, key, **_said):
        st.session_state[key] = {"last_clicked": {"lat": 46.5, "lng": 27.0}}
        return st.session_state[key]

    monkeypatch.setattr(map_view, "st_folium", tap)
    monkeypatch.setattr(st, "session_state", {})
    assert map_view.tapped(LocalMap({}), key="pick") == (46.5, 27.0)
    assert st.session_state == {}
