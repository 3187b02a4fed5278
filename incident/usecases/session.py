"""Is it still the person who signed in? Asked again before what binds somebody or leaves the vault."""

from incident.errors import RefusedError
from incident.store.device import DeviceStore
from incident.store.vault import open_slot, read_header
from incident.usecases.desk import Desk


def is_me(desk: Desk, passphrase: str, device: DeviceStore | None) -> bool:
    """Whether this passphrase opens the slot of the responder at this desk; takes as long as unlocking does."""
    header = read_header(desk.workspace.path)
    secret = device.secret(str(header["id"])) if device is not None else None
    try:
        opened = open_slot(header, sign_in=desk.workspace.sign_in, passphrase=passphrase, device=secret)
    except RefusedError:
        return False
    return str(opened.slot["responder_id"]) == str(desk.me.id)
