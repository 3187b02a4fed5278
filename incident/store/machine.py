"""What the machine says of itself: file systems, encryption of disks, swap, limits. Asking never fails; unknown is None."""

import os
import re
import subprocess
import sys
from pathlib import Path

_BLOCK = Path("/sys/class/block")
_FDESETUP = "/usr/bin/fdesetup"
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_ENCRYPTING = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"})


def mount_of(folder: Path) -> tuple[str, str]:
    """The device and the file system on which a folder lies; blanks where this cannot be told."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "", ""
    held = str(folder.resolve())
    mounts = [line.split()[:3] for line in lines]
    over = [each for each in mounts if held == each[1] or held.startswith(each[1].rstrip("/") + "/")]
    device, _, kind = max(over, key=lambda each: len(each[1]), default=("", "", ""))
    return device, kind


def disk_is_encrypted(folder: Path) -> bool | None:
    """Whether the disk under a folder is encrypted, as far as the system tells; None where it does not."""
    if sys.platform == "darwin":
        return _filevault()
    device, kind = mount_of(folder)
    if kind in _IN_MEMORY or kind in _ENCRYPTING:
        return True
    return device_is_encrypted(device)


def device_is_encrypted(device: str) -> bool | None:
    """Whether a block device is, or lies upon, a dm-crypt mapping."""
    if not device.startswith("/dev/"):
        return None
    name = Path(os.path.realpath(device)).name
    return _crypt(name) if (_BLOCK / name).exists() else None


def _crypt(name: str) -> bool:
    try:
        if (_BLOCK / name / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    try:
        below = [each.name for each in (_BLOCK / name / "slaves").iterdir()]
    except OSError:
        return False
    return bool(below) and all(_crypt(each) for each in below)


def _filevault() -> bool | None:
    try:
        done = subprocess.run([_FDESETUP, "status"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - the system's own
    except (OSError, subprocess.SubprocessError):
        return None
    said = re.search(r"FileVault is (On|Off)", done.stdout)
    return said[1] == "On" if said else None


def open_swap() -> tuple[str, ...] | None:
    """Swap areas that would keep on a disk, in the clear, what memory held; None where this cannot be told."""
    try:
        lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return None
    areas = [(line.split()[0], line.split()[1]) for line in lines if line.split()]
    found = []
    for name, kind in areas:
        encrypted = disk_is_encrypted(Path(name).parent) if kind == "file" else device_is_encrypted(name)
        if not encrypted and not Path(name).name.startswith("zram"):
            found.append(name)
    return tuple(found)


def core_dumps() -> bool | None:
    """Whether a crash would write the process's memory to a disk; None where this cannot be told."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrlimit(resource.RLIMIT_CORE)[0] != 0


def keyring_backend() -> str:
    """The name of the keyring that this desktop offers; blank without one."""
    try:
        import keyring

        backend = keyring.get_keyring()
        chosen = (getattr(backend, "backends", None) or [backend])[0]
        return f"{type(chosen).__module__}.{type(chosen).__name__}"
    except Exception:  # noqa: BLE001 - whatever a backend raises means that there is none to be relied on
        return ""
