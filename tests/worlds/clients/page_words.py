"""What a page under AppTest says, and its fields and buttons by the words that people read."""

from __future__ import annotations


def words(app) -> str:
    """Everything that the page says as HTML."""
    return "".join(each.proto.body for each in app.get("html"))


def field(app, label):
    """The field with a label."""
    kinds = (app.text_input, app.text_area, app.selectbox, app.multiselect, app.number_input, app.checkbox)
    return next(each for kind in kinds for each in kind if each.label == label)


def press(app, label) -> None:
    """Press the button with a label."""
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception
