"""What several adapters are tested with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.small_disk import SmallDisk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a disk of two megabytes; needs the right to mount one."""
    disk = SmallDisk(tmp_path / "small")
    try:
        disk.mount()
    except PermissionError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must be able to mount a small disk: {error}")
        pytest.skip(f"no file system can be mounted here: {error}")
    yield disk
    disk.unmount()
