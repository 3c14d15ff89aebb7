"""How Sphinx makes the handbook: `bin/docs` gives the repository's root as the source."""

from __future__ import annotations

from sphinx.application import Sphinx

from handbook.navigation import SHOWN, read_navigation, toctree
from handbook.openapi import written_out
from handbook.tongue import Tongue, spaced

project = "Twiza"
author = "Twiza"
copyright = "Twiza"  # noqa: A001  (the name that Sphinx reads)
extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = [
    "docs/**", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md", "bot/README.md",
    "tests/dialogue/paths/README.md",
]  # fmt: skip
exclude_patterns = [
    ".*", "**/.venv", "var", "models", "handbook", "docs/site", "**/__pycache__", "node_modules",
]  # fmt: skip
source_suffix = {".md": "markdown"}
needs_sphinx = "9.0"

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "attrs_block", "deflist"]
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 90
python_display_short_literal_types = True
add_module_names = False
# Our own names of files and settings are no language.
highlight_language = "text"

html_theme = "pydata_sphinx_theme"
html_title = "Twiza"
html_short_title = "Twiza"
html_static_path = ["static"]
html_css_files = ["handbook.css"]
html_copy_source = False
html_show_sphinx = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
html_search_language = "en"
html_sidebars: dict[str, list[str]] = {"docs/index": [], "docs/quick-start": []}
html_theme_options = {
    "logo": {"text": "Twiza"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 8,
    "show_nav_level": 1,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def setup(app: Sphinx) -> None:
    """Tell Sphinx what is ours."""
    tongue = Tongue()
    app.connect("source-read", _read)
    app.connect("builder-inited", tongue.teach)
    app.connect("html-page-context", tongue.turn_to)


def _read(_: Sphinx, page: str, source: list[str]) -> None:
    source[0] = written_out(spaced(page, source[0]))
    entries = read_navigation().get(page)
    if entries:
        source[0] += toctree(entries, page in SHOWN)
