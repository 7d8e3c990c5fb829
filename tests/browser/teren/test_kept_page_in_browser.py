"""What the browser keeps of the page: it starts without network whatever happened, and a new version waits for a press.

Also after the server refused, the disk was full or the browser tidied up.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
EXCHANGE = "**/teren/schimb*"
# The same worker at another address is a new one to the browser.
COMES = "(address) => navigator.serviceWorker.register(address, { scope: '/teren/' })"
NEW = "#news button"
# How much of the page the browser keeps, and whether somebody is there to give it.
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('teren-shell-'));
  const files = names.length ? (await (await caches.open(names[0])).keys()).length : 0;
  const instruments = (await (await caches.open('teren-instruments')).keys()).length;
  return [files, instruments, Boolean((await navigator.serviceWorker.getRegistration('/teren/'))?.active)];
}"""
CLEARED = {
    "some files": "async () => { const [name] = (await caches.keys()).filter((each) => each.startsWith('teren-shell-')); "
    "const cache = await caches.open(name); for (const each of (await cache.keys()).slice(0, 5)) await cache.delete(each); }",
    "all files": "async () => { for (const name of await caches.keys()) await caches.delete(name); }",
    "all but the records": "async () => { for (const name of await caches.keys()) await caches.delete(name); "
    "await (await navigator.serviceWorker.getRegistration('/teren/')).unregister(); }",
}


def kept_whole(phone):
    """What is kept once also that which comes after the page is there."""
    phone.wait_for_all()
    return phone.page.evaluate(KEPT)


def starts_without_network(phone, ref):
    phone.context.set_offline(True)
    opens(phone, ref)
    phone.context.set_offline(False)


def opens(phone, ref):
    phone.page.reload()
    phone.page.wait_for_selector("#screen[data-screen=azi] h1, [name=passphrase]")
    if phone.page.locator("[name=passphrase]").count():
        phone.unlock()
    phone.show(ref)


@pytest.mark.parametrize("status", [401, 403, 503])
def test_after_an_exchange_that_was_refused(phones, status):
    phone = phones().begin()
    ref = phone.open_case("1958", "F")
    before = kept_whole(phone)
    phone.context.route(EXCHANGE, lambda found: found.fulfill(status=status, json={"error": "nu"}))
    phone.send()
    assert phone.page.locator("#said .alert").count()
    assert phone.page.evaluate(KEPT) == before
    starts_without_network(phone, ref)


def test_on_a_telephone_without_room(phones):
    phone = phones().begin()
    ref = phone.open_case("1958", "F")
    kept_whole(phone)
    phone.send()
    full = phone.context.new_cdp_session(phone.page)
    full.send("Storage.overrideQuotaForOrigin", {"origin": phone.base, "quotaSize": 1000})
    phone.send()
    starts_without_network(phone, ref)
    phone.page.evaluate(CLEARED["all files"])
    opens(phone, ref)  # nothing can be kept any more: with network it opens all the same


@pytest.mark.parametrize("what", CLEARED)
@pytest.mark.parametrize("status", [200, 503])
def test_what_the_browser_threw_away_comes_again_with_the_next_exchange(phones, what, status):
    phone = phones().begin()
    ref = phone.open_case("1958", "F")
    before = kept_whole(phone)
    phone.page.evaluate(CLEARED[what])
    assert phone.page.evaluate(KEPT) != before
    if status != 200:
        phone.context.route(EXCHANGE, lambda found: found.fulfill(status=status, json={"error": "nu"}))
    phone.send()
    for _try in range(100):
        files, instruments, is_registered = phone.page.evaluate(KEPT)
        if (
            is_registered and instruments == before[1] and files >= before[0] - 1
        ):  # what few ask for comes when it is asked for
            break
        phone.page.wait_for_timeout(100)
    starts_without_network(phone, ref)


def test_a_telephone_on_which_nothing_can_be_opened_says_so(phones):
    phone = phones()
    phone.context.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'UnknownError'); };"
    )
    phone.sign_in()
    phone.page.goto(f"{phone.base}/teren/")
    phone.page.wait_for_selector("#failed:visible")
    assert "Eliberați loc" in phone.page.inner_text("#failed")
    assert "Se deschide" not in phone.page.inner_text("main")


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
