"""How the documentation is built: `nox -s docs`, warnings are errors."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "helpdesk-core"
author = "the helpdesk-core contributors"
release = version = installed_version("helpdesk-core")

extensions = ["myst_parser", "generated_tables"]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

smartquotes = False  # commands and settings are shown as they are typed

html_theme = "furo"
html_title = "helpdesk-core"
html_copy_source = False
