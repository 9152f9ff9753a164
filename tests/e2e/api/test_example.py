"""The example front end, from a first visit without the app to an answer."""

import io
import json
import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, expect

from exhibits.digits.handwriting import DIGITS
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, ROOT, watched
from tests.e2e.server import StaticHost

AXE = ROOT / "node_modules/axe-core/axe.min.js"


def picture(digit: int) -> bytes:
    """Return a PNG with a digit, black on white."""
    image = Image.new("L", (300, 300), 255)
    pen = ImageDraw.Draw(image)
    for stroke in DIGITS[digit]:
        pen.line([(x * 300, y * 300) for x, y in stroke], fill=0, width=16, joint="curve")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def test_a_front_end_connects_once_the_app_is_open_and_says_so_when_it_is_not(
    browser: Browser, host: StaticHost
) -> None:
    (folder,) = DIST.glob("example-*")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}{folder.name}/api.html")
        status = page.get_by_test_id("status")
        expect(status).to_contain_text("Not connected: open the app in another tab")
        expect(page.get_by_test_id("file")).to_be_disabled()

        with page.expect_popup() as opened:
            page.get_by_role("link", name="another tab").click()
        app = BoothPage(opened.value).ready().kept().page
        expect(status).to_have_text("Connected: choose a picture.")

        upload = FilePayload(name="7", mimeType="image/png", buffer=picture(7))
        page.get_by_test_id("model").select_option("digits")
        page.get_by_test_id("file").set_input_files([upload])
        expect(status).to_have_text(re.compile(r"^Answered in \d+ ms\.$"))
        answer = json.loads(page.get_by_test_id("answer").inner_text())["result"]
        assert max(range(10), key=answer.__getitem__) == 7

        page.evaluate(Path(AXE).read_text())
        violations = page.evaluate("axe.run().then((report) => report.violations)")
        assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

        with page.context.expect_page() as another:
            app.get_by_role("link", name="one fetch, and no server").click()
        connected = another.value.get_by_test_id("status")
        expect(connected).to_have_text("Connected: choose a picture.")
        another.value.close()

        context.set_offline(True)  # the page itself is kept too
        page.reload()
        expect(status).to_have_text("Connected: choose a picture.")

        app.close()
        page.get_by_test_id("file").set_input_files([upload])
        expect(status).to_contain_text("503: No page of the app is open")
    context.close()
