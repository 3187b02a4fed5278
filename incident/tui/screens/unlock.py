"""Unlock: who you are and your passphrase; or the recovery code and a new one."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import Static

from incident.store.device import system_device_store
from incident.store.vault import read_header, recovery_rule
from incident.store.workspace import slots
from incident.tui.base_screen import BaseScreen
from incident.tui.modals.form import FormModal
from incident.tui.widgets.form import Form, FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.vaults import recover, unlock


class UnlockScreen(BaseScreen):
    """Opens the vault with a responder's slot."""

    TITLE = "Unlock"
    AUTO_FOCUS = "#passphrase"
    BINDINGS = [
        Binding("enter", "submit", "unlock", id="unlock.enter", tooltip="Unlock"),
        Binding("ctrl+s", "submit", "unlock", id="unlock.submit", tooltip="Unlock", show=False, priority=True),
        Binding("ctrl+r", "recover", "recovery code", id="unlock.recover", tooltip="A forgotten passphrase"),
        Binding("ctrl+q", "app.quit", "quit", id="unlock.quit", tooltip="Leave"),
    ]

    def __init__(self, sign_in: str = "", passphrase: str = "") -> None:
        super().__init__()
        self._sign_in, self._passphrase = sign_in, passphrase

    def compose(self) -> ComposeResult:
        """The vault's name and the form."""
        names = tuple(sorted({each.sign_in for each in slots(self.owner.vault) if each.sign_in}))
        with Vertical(id="gate"):
            yield Static(f"The vault in {self.owner.vault}", id="welcome", markup=False)
            yield Form(
                (
                    FormField("sign_in", "Sign in as", Kind.CHOICE, value=self._sign_in, choices=tuple((n, n) for n in names)),
                    FormField("passphrase", "Passphrase", Kind.SECRET, forget=True),
                ),
                self._unlock,
                button="Unlock",
                slow=True,
            )
        yield KeyLine()

    def on_mount(self) -> None:
        """With everything given (the demo) open at once; else wait at the passphrase."""
        if self._passphrase:
            given, self._passphrase = self._passphrase, ""
            self._unlock({"sign_in": self._sign_in, "passphrase": given})
            self.call_after_refresh(self.begin)

    def _unlock(self, typed: dict[str, str]) -> None:
        self.owner.desk = unlock(
            self.owner.vault,
            sign_in=typed["sign_in"],
            passphrase=typed["passphrase"],
            device=system_device_store(),
            now=self.now(),
        )

    @on(Form.Accepted)
    def begin(self) -> None:
        """Unlocked: show the board."""
        self.owner.show_instead("board")

    @on(Resize)
    @on(Form.Reshaped)
    def fit(self) -> None:
        """The fields take what the vault's name leaves them."""
        self.query_one(Form).fit(self.size.height - self.query_one("#welcome").outer_size.height - 3)

    def action_submit(self) -> None:
        """Unlock."""
        self.query_one(Form).submit()

    def action_recover(self) -> None:
        """A forgotten passphrase: the recovery code and a new passphrase."""
        sign_in = self.query_one(Form).values()["sign_in"]

        def accept(typed: dict[str, str]) -> None:
            self.owner.desk = recover(
                self.owner.vault,
                code=typed["code"],
                sign_in=sign_in,
                new_passphrase=typed["passphrase"],
                now=self.now(),
                device=system_device_store(),
            )

        def done(accepted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if accepted:
                self.begin()

        rule = recovery_rule(read_header(self.owner.vault))
        shares = f"{rule}, one after the other with a comma between" if rule.is_shared else ""
        fields = (
            FormField("code", "Recovery code", hint=shares),
            FormField("passphrase", "New passphrase", Kind.SECRET, hint="at least 14 characters"),
        )
        intro = "Your old signing key cannot be opened any more and is replaced; what it signed stays valid."
        self.app.push_screen(FormModal(f"Recover the passphrase of {sign_in}", fields, accept, intro=intro, slow=True), done)
