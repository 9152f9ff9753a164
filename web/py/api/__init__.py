"""The local API: requests that the service worker passes to the page, answered by its Python."""
