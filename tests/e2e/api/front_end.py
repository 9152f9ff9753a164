"""A front end that uses only the addresses of the app's API."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

ASK = """async ([path, method, body, type]) => {
  const bytes = body && Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const headers = type ? { 'content-type': type } : {};
  const response = await fetch('api/' + path, { method, body: bytes, headers });
  return [response.status, response.headers.get('content-type'), await response.text()];
}"""
SEVEN = [
    1 if (row == 4 and 8 <= column < 20) or (4 < row < 24 and column == 19 - (row - 4) // 2) else 0
    for row in range(28)
    for column in range(28)
]


@dataclass(frozen=True)
class FrontEnd:
    """A page on the site's origin that is not the app's."""

    page: Page

    def ask(self, path: str, method: str = "GET", body: bytes = b"", type: str = "") -> Any:
        """Return the status and the JSON of an answer."""
        sent = base64.b64encode(body).decode() or None
        status, kind, text = self.page.evaluate(ASK, [path, method, sent, type])
        assert kind == "application/json"
        return status, json.loads(text)

    def predict(self, body: Any, model: str = "digits") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(f"predict/{model}", "POST", content)
