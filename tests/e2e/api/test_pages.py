"""Which page answers requests, and when: order, the page's own use, several tabs, and none."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.api.front_end import SEVEN, FrontEnd
from tests.e2e.booth import BoothPage
from tests.e2e.server import StaticHost

SIXTEEN = """async (bodies) => {
  const order = [];
  const answers = await Promise.all(bodies.map(async (body, i) => {
    const response = await fetch('api/predict/digits', { method: 'POST', body });
    order.push(i);
    return response.json();
  }));
  return [order, answers];
}"""


def test_sixteen_at_once_are_answered_in_order_of_arrival(front_end: FrontEnd) -> None:
    bodies: list[Any] = [{"data": [*SEVEN[:-1], i / 16]} for i in range(16)]
    bodies[2] = bodies[9] = {"data": []}
    alone = [front_end.predict(body)[1] for body in bodies]
    order, answers = front_end.page.evaluate(SIXTEEN, [json.dumps(body) for body in bodies])
    assert order == list(range(16))
    assert answers == alone
    assert answers[2]["code"] == 400


ASK_ON = """(data) => {
  globalThis.answers = 0;
  const on = async () => {
    const body = JSON.stringify({ data });
    const response = await fetch('api/predict/digits', { method: 'POST', body });
    if (response.ok) answers += 1;
    if (!globalThis.enough) on();
  };
  for (let i = 0; i < 16; i += 1) on();
}"""


def test_the_page_s_own_use_has_its_turn(front_end: FrontEnd, app: Page) -> None:
    front_end.page.evaluate(ASK_ON, SEVEN)
    app.bring_to_front()
    booth = BoothPage(app)
    booth.draw(4)
    booth.reads(4)
    booth.clear()
    before = front_end.page.evaluate("answers")
    front_end.page.wait_for_function("(before) => answers > before + 20", arg=before)
    front_end.page.evaluate("globalThis.enough = true")


def test_a_request_waits_until_python_has_started(front_end: FrontEnd, app: Page) -> None:
    app.reload(wait_until="commit")
    front_end.page.evaluate(
        "() => { globalThis.early = fetch('api/models').then((response) => response.status); }"
    )
    expect(app.locator("body")).to_have_attribute("data-state", "booting")
    assert front_end.page.evaluate("early") == 200
    BoothPage(app).ready()


BREAK = """() => {
  const { engine } = glassbooth;
  const error = Object.assign(new Error('model.json broke off.'), { code: 'network', trials: [] });
  engine.load = async () => { throw error; };
  engine.run = async () => [new Float32Array(10).fill(NaN)];
}"""


def test_a_network_that_fails_is_told(front_end: FrontEnd, app: Page) -> None:
    app.evaluate(BREAK)
    failed = {"code": 503, "message": "model.json broke off."}
    assert front_end.ask("warm?model=digits") == (503, failed)
    assert front_end.predict({"data": SEVEN}) == (503, failed)
    app.evaluate("delete glassbooth.engine.load")
    status, answer = front_end.predict({"data": SEVEN})
    assert status == 503
    assert answer["message"] == "Something went wrong in the app: reload its page."
    app.evaluate("delete glassbooth.engine.run")
    assert front_end.predict({"data": SEVEN})[0] == 200


HOLD = """() => {
  const { engine } = glassbooth;
  globalThis.asked = new Promise((resolve) => {
    engine.run = () => { resolve(true); return new Promise(() => {}); };
  });
}"""
START = """(data) => {
  globalThis.answer = fetch('api/predict/digits', {
    method: 'POST', body: JSON.stringify({ data }),
  }).then(async (response) => [response.status, await response.json()]);
}"""


def test_another_tab_answers_when_one_is_closed_half_way(
    visitor: BrowserContext, site: StaticHost, front_end: FrontEnd, app: Page
) -> None:
    second = visitor.new_page()
    second.goto(site.url)
    BoothPage(second).ready()
    second.evaluate(HOLD)
    second.bring_to_front()  # the tab that was in use last is the one that is asked
    front_end.page.evaluate(START, SEVEN)
    assert second.evaluate("asked")
    second.close()
    assert front_end.page.evaluate("answer")[0] == 200


def open_without_python(visitor: BrowserContext, site: StaticHost) -> Page:
    page = visitor.new_page()
    page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
          dispatchEvent(new CustomEvent('glass:failed', { detail: 'out of memory' }));
        });"""
    )
    page.goto(site.url)
    expect(page.locator("body")).to_have_attribute("data-state", "failed")
    return page


@pytest.mark.usefixtures("app")
def test_another_tab_answers_when_python_did_not_start_in_one(
    visitor: BrowserContext, site: StaticHost, front_end: FrontEnd
) -> None:
    broken = open_without_python(visitor, site)
    assert front_end.ask("models")[0] == 200
    broken.close()


def test_without_a_page_of_the_app_it_says_so(
    visitor: BrowserContext, site: StaticHost, front_end: FrontEnd, app: Page
) -> None:
    neighbour = visitor.new_page()
    neighbour.goto(f"{site.origin}/neighbor/")  # as long as the site's address, but not within
    app.evaluate(HOLD)
    front_end.page.evaluate(START, SEVEN)
    assert app.evaluate("asked")
    app.close()
    for status, answer in (front_end.page.evaluate("answer"), front_end.ask("models")):
        assert status == 503
        assert answer["message"].startswith(f"No page of the app is open: open {site.url} in a tab")
    neighbour.close()

    broken = open_without_python(visitor, site)
    status, answer = front_end.ask("models")
    assert status == 503
    assert "Python could not start: out of memory" in answer["message"]
    broken.close()


def test_the_app_may_be_open_inside_the_front_end(
    visitor: BrowserContext, front_end: FrontEnd
) -> None:
    for page in visitor.pages:
        if page != front_end.page:
            page.close()
    front_end.page.evaluate(
        "document.body.append(Object.assign(document.createElement('iframe'), { src: './' }))"
    )
    expect(front_end.page.frame_locator("iframe").locator("body")).to_be_attached()
    assert front_end.predict({"data": SEVEN})[0] == 200
