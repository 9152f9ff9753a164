"""The browser, in Python's terms: the only place that imports js, pyodide or pyscript."""
