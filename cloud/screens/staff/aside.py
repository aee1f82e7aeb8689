"""Work of staff's pages that may wait, done beside the server's own thread."""

from __future__ import annotations

from cloud.screens.aside import Aside

aside = Aside(8, "staff")
"""What `work` gives, or raises, on a thread of staff's: however many of them wait, residents and
tills go on."""
