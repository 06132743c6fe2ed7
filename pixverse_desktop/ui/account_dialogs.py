"""The windows for accounts: the list of those there are, and the form for a new one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.addresses import CHINA_URL, INTERNATIONAL_URL, check_base_url
from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.video import Account
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.pages import KeyForm

_SIZE = (680, 380)
_FORM_WIDTH = 540
_FIELD_HEIGHT = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """What the list says of one account.

    Attributes:
        has_key: whether there is a key to test or remove.
        is_removable: whether this run may change it.
    """

    name: str
    address: str
    state: str
    icon: str
    colour: str
    credits: str
    has_key: bool
    is_removable: bool
    tip: str = ""


class AccountsDialog(QDialog):
    """The accounts there are, how each is doing, and what can be done about it.

    Signals:
        add_requested(): a new account is wanted.
        test_requested(str): the key of this account is to be tried.
        replace_requested(str): another key is wanted for this account.
        removal_requested(str): the key of this account is to be forgotten.
    """

    add_requested = Signal()
    test_requested = Signal(str)
    replace_requested = Signal(str)
    removal_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Accounts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._rows: dict[str, AccountRow] = {}
        self._list = self._make_list()
        self._words = _plain("")
        self._words.hide()
        self._buttons = QDialogButtonBox(self)
        self._add = self._button(self.tr("Add…"), self.add_requested.emit)
        self._test = self._button(self.tr("Test"), lambda: self.test_requested.emit(self.chosen))
        self._replace = self._button("", lambda: self.replace_requested.emit(self.chosen))
        self._remove = self._button(self.tr("Remove key"), lambda: self.removal_requested.emit(self.chosen))
        close = self._buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self._lay_out()
        self._list.setFocus()

    @property
    def chosen(self) -> str:
        """The name of the account in the list that is selected; empty for none."""
        item = self._list.currentItem()
        return item.text(0) if item is not None else ""

    def show_rows(self, rows: Sequence[AccountRow], *, may_add: bool) -> None:
        """Show these accounts; the one that is selected stays so."""
        chosen = self.chosen
        self._add.setEnabled(may_add)
        if list(self._rows.values()) != list(rows):
            self._rows = {row.name: row for row in rows}
            if [row.name for row in rows] != self._names():
                self._list.clear()
                self._list.addTopLevelItems([QTreeWidgetItem() for _ in rows])
            for place, row in enumerate(rows):
                self._fill(self._list.topLevelItem(place), row)
            self._choose(chosen)
        self._refresh_buttons()

    def choose(self, name: str) -> None:
        """Select an account and let the keyboard begin there."""
        self._choose(name)
        self._list.setFocus()

    def say(self, words: str, *, is_error: bool = False) -> None:
        """Show a line below the list."""
        self._words.setObjectName("bad" if is_error else "muted")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _names(self) -> list[str]:
        items = map(self._list.topLevelItem, range(self._list.topLevelItemCount()))
        return [item.text(0) for item in items if item is not None]

    def _fill(self, item: QTreeWidgetItem | None, row: AccountRow) -> None:
        assert item is not None
        for column, text in enumerate((row.name, row.address, row.state, row.credits)):
            item.setText(column, text)
        item.setIcon(2, theme.icon(row.icon, row.colour))
        item.setForeground(2, QBrush(QColor(row.colour)))
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(2, row.tip)
        spoken = ", ".join(part for part in (row.name, row.address, row.state, row.credits) if part)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _choose(self, name: str) -> None:
        names = self._names()
        item = self._list.topLevelItem(names.index(name) if name in names else 0)
        if item is not None:
            self._list.setCurrentItem(item)

    def _refresh_buttons(self) -> None:
        row = self._rows.get(self.chosen)
        self._replace.setText(
            self.tr("Replace key…") if row is None or row.has_key else self.tr("Enter key…")
        )
        self._test.setEnabled(row is not None and row.has_key)
        self._replace.setEnabled(row is not None and row.is_removable)
        self._remove.setEnabled(row is not None and row.has_key and row.is_removable)

    def _make_list(self) -> QTreeWidget:
        shown = QTreeWidget(self)
        shown.setObjectName("accountList")
        shown.setAccessibleName(self.tr("Accounts"))
        titles = [self.tr("Name"), self.tr("Service"), self.tr("State"), self.tr("Credits")]
        shown.setHeaderLabels(titles)
        shown.setRootIsDecorated(False)
        shown.setUniformRowHeights(True)
        header = shown.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        shown.headerItem().setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column in range(4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        shown.currentItemChanged.connect(lambda *_: self._refresh_buttons())
        shown.itemActivated.connect(lambda *_: self.replace_requested.emit(self.chosen))
        return shown

    def _button(self, text: str, deed: Callable[[], object]) -> QPushButton:
        button = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: deed())
        return button

    def _lay_out(self) -> None:
        text = self.tr(
            "Each account has a key of its own, in your system’s keychain. A key goes to the address of "
            "its own account and to no other."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        for part in (_plain(text), self._list, self._words, self._buttons):
            layout.addWidget(part)


class AddAccountDialog(QDialog):
    """The form for a new account: what it is called, where its key goes, and the key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add an account"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._name = self._field(self.tr("Name"), self.tr("As you like, such as “studio”"))
        self._service = QComboBox(self)
        self._service.setAccessibleName(self.tr("Service"))
        self._service.setMinimumHeight(_FIELD_HEIGHT)
        self._service.addItem(self.tr("International (app-api.pixverse.ai)"), INTERNATIONAL_URL)
        self._service.addItem(self.tr("China (app-api.pixverseai.cn)"), CHINA_URL)
        self._service.addItem(self.tr("Own address…"), "")
        self._address = self._field(self.tr("Address"), "https://")
        self.form = KeyForm(self)
        self._lay_out()
        self._service.currentIndexChanged.connect(lambda _: self._show_address())
        self._show_address()
        self._name.setFocus()

    def account(self) -> Account:
        """What was entered. Raises ``InputUnreadable`` with a sentence about what is missing."""
        name = self._name.text().strip()
        if not name or not name.isprintable() or '"' in name:
            raise InputUnreadable(self.tr("Give the account a name of visible characters, without quotes."))
        return Account(name, self._service.currentData() or check_base_url(self._address.text()))

    def _show_address(self) -> None:
        is_own = not self._service.currentData()
        self._rows.setRowVisible(self._address, is_own)
        if is_own:
            self._address.setFocus()

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setMinimumHeight(_FIELD_HEIGHT)
        return field

    def _lay_out(self) -> None:
        self._rows = QFormLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(10)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self._name, self._service, self._address):
            label = QLabel(field.accessibleName(), self)
            label.setMinimumHeight(_FIELD_HEIGHT)
            label.setBuddy(field)
            self._rows.addRow(label, field)
        buttons = QDialogButtonBox(self)
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 18)
        layout.setSpacing(14)
        layout.addLayout(self._rows)
        layout.addWidget(self.form)  # below, not beside: a form layout gives wrapped words too little height
        layout.addWidget(buttons)
        self.setFixedWidth(_FORM_WIDTH)


def service_name(base_url: str) -> str:
    """What people call a service address, or the address without its scheme."""
    return {INTERNATIONAL_URL: "International", CHINA_URL: "China"}.get(
        base_url, base_url.removeprefix("https://")
    )


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
