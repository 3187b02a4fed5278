"""First run: an organisation, a person, a passphrase — and the recovery code typed back."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import Static

from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import RefusedError
from incident.store.device import system_device_store
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.form import Form, FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.vaults import NewResponder, PendingVault, prepare

_WELCOME = (
    "Welcome. There is no vault yet. It will hold everything about your incidents, encrypted, on this machine only. "
    "Losing the passphrase and the recovery code loses it for good."
)
_FUNCTIONS = (("it", "IT"), ("legal", "legal"), ("management", "management"), ("outside", "outside help"))


class FirstRunScreen(BaseScreen):
    """Creates a vault in two steps; nothing is on disk before the code is typed back."""

    TITLE = "First run"
    AUTO_FOCUS = Form.FIRST_FIELD
    BINDINGS = [Binding("ctrl+s", "submit", "go on", id="first.submit", tooltip="Go on", priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.pending: PendingVault | None = None

    def compose(self) -> ComposeResult:
        """Welcome and the first form."""
        with Vertical(id="gate"):
            yield Static(_WELCOME, id="welcome", markup=False)
            yield Form(self._fields(), self._prepare, button="Make the keys", slow=True, id="first")
        yield KeyLine()

    def _fields(self) -> tuple[FormField, ...]:
        return (
            FormField("organisation", "Organisation, as on your letters"),
            FormField("zone", "Time zone of its days", value="Europe/Berlin", hint="IANA name, e.g. Europe/Berlin"),
            FormField("name", "Your name"),
            FormField("sign_in", "The word you sign in with", hint="one word, e.g. ana"),
            FormField("function", "You are from", Kind.CHOICE, choices=_FUNCTIONS),
            FormField("passphrase", "Passphrase", Kind.SECRET, hint="at least 14 characters; six unrelated words are best"),
            FormField("again", "The same again", Kind.SECRET),
        )

    def _prepare(self, typed: dict[str, str]) -> None:
        if typed["passphrase"] != typed["again"]:
            raise RefusedError("The two passphrases differ.", "Type the second one again.")
        self.pending = prepare(
            self.owner.vault,
            organisation=Organisation(name=typed["organisation"], timezone=typed["zone"]),
            founder=NewResponder(typed["name"], typed["sign_in"], Function(typed["function"]), zone=typed["zone"]),
            passphrase=typed["passphrase"],
            device=system_device_store(),
        )

    @on(Form.Accepted, "#first")
    async def show_code(self) -> None:
        """The code is shown once and asked back."""
        if self.pending is None:
            return
        gate = self.query_one("#gate", Vertical)
        await gate.remove_children()
        code = "\n".join("-".join(self.pending.recovery_code.split("-")[start : start + 7]) for start in (0, 7))
        await gate.mount(
            Static(
                "Write this recovery code on paper. It is shown once; with it a forgotten passphrase can be mended, and "
                "whoever has it and the vault can open it.",
                id="welcome",
                markup=False,
            ),
            Static(code, id="recovery-code", markup=False),
            Form(
                (FormField("code", "Type the recovery code back"),),
                self._confirm,
                button="Create the vault",
                slow=True,
                id="second",
            ),
        )
        self.set_focus(self.query_one("#second Input"))
        self.fit()

    def _confirm(self, typed: dict[str, str]) -> None:
        if self.pending is None:
            raise RefusedError("The keys are gone.", "Start again.")
        self.owner.desk = self.pending.confirm(typed["code"], now=self.now())

    @on(Form.Accepted, "#second")
    def begin(self) -> None:
        """The vault is there: show the board."""
        self.pending = None
        self.owner.show_instead("board")

    @on(Resize)
    @on(Form.Reshaped)
    def fit(self) -> None:
        """The fields take what the welcome, or the code, leaves them; a welcome that takes too much goes."""
        self.set_class(self.size.height < 22 and self.pending is None, "cramped")
        above = sum(each.outer_size.height for each in self.query("#gate > Static") if each.display)
        self.query_one(Form).fit(self.size.height - above - 3)

    def action_submit(self) -> None:
        """Go on with the form that is shown."""
        self.query_one(Form).submit()
