"""What is frozen into the board's image: the protocol and the firmware, nothing else.

Read by MicroPython's build (`FROZEN_MANIFEST=firmware/manifest.py`), which provides `package`.
"""

package(  # noqa: F821 (a word of manifest files)
    "wire",
    ("__init__.py", "errors.py", "faults.py", "frame.py", "messages.py"),
    base_path="..",
)
package("firmware", base_path="..")  # noqa: F821
