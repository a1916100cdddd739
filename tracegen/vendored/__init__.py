"""What lets a page run Python: Pyodide, an editor, and this project compiled for both.

```
build/playground/     made once for what it is made of, taken into the site by the plugin:
    pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm.gz.bin     as npm has them; the last one packed
    python.zip        library, Jinja2 and our own modules, compiled; what is read as files
    codemirror.js     the editor, one module
    licenses.txt      under which terms all that is passed on
    manifest.json     versions, sizes, and a digest of what it was made from
    conformance.json  whether it does what Kafka did; see `conforming`
```

It needs npm once and Node.js always; both come with `./dev site`. `contents` says what is compiled,
`npm` brings what is not ours, `make.mjs` makes it all, and `library.py` does so in Pyodide.
"""

from tracegen.vendored.conforming import against, conform, current
from tracegen.vendored.making import FOLDER, files, is_current, make

__all__ = ["FOLDER", "against", "conform", "current", "files", "is_current", "make"]
