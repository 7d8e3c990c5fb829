"""A new shell comes while somebody writes: nothing changes on the screen until the button is pressed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
# The same worker at another address is a new one to the browser.
COMES = "(address) => navigator.serviceWorker.register(address, { scope: '/teren/' })"
NEW = "#news button"


def begin_form(phone, note):
    phone.page.click("#screen button.main")
    phone.at("deschide")
    phone.page.fill("[name=note]", note)


def test_a_new_shell_waits_for_a_press_and_leaves_the_form_of_another_window(phones):
    phone = phones().begin()
    page = phone.page
    begin_form(phone, "{început} <b>=1+1</b>")
    phone.open_page()  # a second window of the same telephone
    second = phone.page
    second.goto(f"{phone.base}/teren/")
    phone.at("azi")
    begin_form(phone, "în a doua fereastră")
    worker = second.evaluate("() => navigator.serviceWorker.controller.scriptURL")
    second.evaluate(COMES, f"{worker}?nou")
    for window, note in ((page, "{început} <b>=1+1</b>"), (second, "în a doua fereastră")):
        window.wait_for_selector(NEW)
        assert window.input_value("[name=note]") == note
        assert window.evaluate("() => navigator.serviceWorker.controller.scriptURL") == worker
    with second.expect_navigation():
        second.click(NEW)
    page.wait_for_function("(old) => navigator.serviceWorker.controller.scriptURL !== old", arg=worker)
    page.wait_for_timeout(300)
    assert page.input_value("[name=note]") == "{început} <b>=1+1</b>"
    page.fill("[name=born]", "1950")
    page.check("[name=sex][value=M]")
    page.click("#screen button.main")
    page.wait_for_selector("#screen[data-screen=caz] h1")
    assert "{început} <b>=1+1</b>" in page.inner_text("#screen")
    second.wait_for_selector("#screen[data-screen=azi] h1, [name=passphrase]")


def test_a_page_that_could_not_be_kept_at_first_is_kept_after_the_next_exchange(phones):
    phone = phones()
    phone.context.add_init_script(
        """const { register } = ServiceWorkerContainer.prototype;
        let count = 0;
        ServiceWorkerContainer.prototype.register = function (...given) {
          count += 1;
          return count === 1 ? Promise.reject(new TypeError('no network')) : register.apply(this, given);
        };"""
    )
    phone.begin()  # until the service worker has the page
    phone.context.set_offline(True)
    phone.page.reload()
    phone.page.wait_for_selector("#screen h1")
