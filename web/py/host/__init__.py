"""Browser APIs for Python: the only package that imports js, pyodide or pyscript."""
