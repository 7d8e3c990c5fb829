"""Streamlit reads labels, options and tooltips as Markdown: text of others is read there as it was typed."""

from __future__ import annotations

import pytest

from tests.browser.screens import hosts
from tests.browser.serving import served
from tests.worlds.files.hostile import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = """
import streamlit as st
from tests.worlds.files.hostile import HOSTILE
from pages.common.screen_wording import label_text
for place, text in enumerate(HOSTILE):
    st.button(label_text(text), key=f"b{place}", help=label_text(text))
st.radio(label_text(HOSTILE[0]), HOSTILE, format_func=label_text)
"""
APPLICATION = """
from streamlit.starlette import App
from api.server import health
app = App("labels.py", routes=health.routes())
"""


def as_read(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def test_text_of_others_in_labels_and_options_is_read_as_typed(browser, small_home, tmp_path):
    (tmp_path / "labels.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "labels_app.py").write_text(APPLICATION, encoding="utf-8")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text("[browser]\ngatherUsageStats = false\n", encoding="utf-8")
    start = ("-m", "uvicorn", "labels_app:app", "--app-dir", str(tmp_path), "--log-level", "warning")
    with served(small_home.path, tmp_path, start) as base:
        page = browser.new_context().new_page()
        asked, dialogs = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(base)
        page.locator("[role=radiogroup] label").nth(len(HOSTILE) - 1).wait_for(timeout=60_000)
        expected = [as_read(text) for text in HOSTILE]
        # A button with a tooltip is in the page twice, once for wide and once for narrow screens.
        buttons = page.locator("[data-testid=stBaseButton-secondary]").all_inner_texts()
        assert list(dict.fromkeys(as_read(text) for text in buttons)) == expected
        assert [as_read(text) for text in page.locator("[role=radiogroup] label").all_inner_texts()] == expected
        assert page.locator("[role=radiogroup] a, [role=radiogroup] img, [role=radiogroup] .katex").count() == 0
        assert dialogs == []
        assert hosts(asked) == {base.removeprefix("http://")}
        page.context.close()
