"""Where Chromium lies on this machine, and how tests start it; ``python -m tests.browser.chromium`` prints the path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)

# The first two are windows of the address bar, which nobody sees here and which take two processes for every page that
# is opened. A switch that is named twice counts the second time, so the rest is what Playwright itself switches off.
_FEATURES_OFF = (
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)

# Quiet, alone and deaf to the outside: every name but this machine's resolves to nothing.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--no-sandbox",
)


def find() -> Path | None:
    """The browser's program, or ``None`` when the machine has none."""
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return next((place for place in _PLACES if place.is_file()), None)


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(1)
    sys.stdout.write(f"{path}\n")
