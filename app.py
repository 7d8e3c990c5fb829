"""The web application: `uvicorn app:app`, or `harta serve`. Configuration and assembly, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit import config
from streamlit.starlette import App

from api import assets, atlas_map, middleware, provider_links, signin, suggest
from api.plain import routes as plain
from api.running import running
from geo.language import _
from pages import sitemap

HERE = Path(__file__).resolve().parent

# Streamlit looks for `.streamlit/config.toml` beside the script it runs and in the working folder; ours
# stands beside this file, wherever the command was given. App sets the same variable when it is unset.
if config._main_script_path is None:  # noqa: SLF001
    config._main_script_path = str(HERE / "app.py")  # noqa: SLF001

# The main script stands inside pages/: beside a folder of that name, Streamlit would show a navigation of
# its own made of file names to whoever comes first by a deep link.
app = App(
    HERE / "pages" / "main.py",
    routes=[
        *assets.routes(),
        *suggest.routes(),
        *atlas_map.routes(),
        *signin.routes(),
        *plain.routes(),
        *provider_links.routes(),
    ],
    middleware=middleware.stack(sitemap.addresses()),
    lifespan=running,
)


def run(port: int = 8501, host: str = "127.0.0.1") -> None:
    """Serve until stopped. By default only this machine is answered."""
    import uvicorn

    sys.stderr.write(_("Aplicația este la http://{host}:{port} (Ctrl+C o oprește)").format(host=host, port=port) + "\n")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
