"""What is frozen into the board's image: MicroPython's own modules for it, protocol and firmware.

Read by MicroPython's build, which provides the words used here:

    make -C ports/rp2 BOARD=RPI_PICO FROZEN_MANIFEST=<this checkout>/firmware/manifest.py

A manifest takes the place of the port's own, which has `rp2` and what mounts the flash; so it is
included. `unittest` is micropython-lib's, for `tests/board`.
"""

# ruff: noqa: F821 (words of manifest files)

include("$(PORT_DIR)/boards/manifest.py")
require("unittest")
package(
    "wire", ("__init__.py", "errors.py", "faults.py", "frame.py", "messages.py"), base_path=".."
)
package("firmware", ("__init__.py", "main.py"), base_path="..")
package("firmware/core", base_path="..")
package("firmware/hal", base_path="..")
