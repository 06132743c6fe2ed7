"""Several accounts in the window: who is asked, whose new ids are, what is wrong with which."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QTableView, QTreeWidget

from pixverse_desktop.adapters.keychain import SystemKeychain
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, VideoRef
from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Simulation, SimulatorServer, stories
from tests.ui.conftest import KEY
from tests.ui.desk import Desk, mime, until
from tests.ui.keyrings import MemoryKeyring
from tests.ui.lives import ONE, TWO, life, ready

OTHER_KEY = "a-key-of-the-studio"


@pytest.fixture
def studio() -> Simulation:
    return Simulation(time.time, keys=[OTHER_KEY])


@pytest.fixture
def studio_server(studio: Simulation) -> Iterator[SimulatorServer]:
    with SimulatorServer(studio, resource_path("clips")) as serving:
        yield serving


OpenAccounts = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_accounts(
    where: Places,
    server: SimulatorServer,
    studio_server: SimulatorServer,
    keychain: MemoryKeyring,
    defects: list[BaseException],
) -> OpenAccounts:
    """Open a window as it starts without options, on accounts whose keys are in the keychain."""

    @asynccontextmanager
    async def open_one(*names: str, ids: tuple[str, ...] = ()) -> AsyncIterator[Desk]:
        known = {
            "default": (Account("default", server.url), KEY),
            "studio": (Account("studio", studio_server.url), OTHER_KEY),
        }
        store = SqliteVideoStore(where.library)
        await store.open()
        for name in names:
            account, key = known[name]
            await store.put_account(account)
            SystemKeychain().put(account, ApiKey(key))
        await store.aclose()
        desk = Desk(where, None, defects)
        try:
            yield await desk.open(key=None, ids=ids)
        finally:
            await desk.close()

    return open_one


def accounts_list(desk: Desk) -> QTreeWidget:
    return next(tree for tree in desk.visible(QTreeWidget) if tree.accessibleName() == "Accounts")


def lines(desk: Desk) -> list[list[str]]:
    """What the list of accounts says: name, state and credits of each."""
    shown = accounts_list(desk)
    items = [shown.topLevelItem(place) for place in range(shown.topLevelItemCount())]
    return [[item.text(column) for column in (0, 2, 3)] for item in items if item is not None]


def groups(desk: Desk) -> list[str]:
    tree = desk.window.page.side_bar
    found = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    heading = next(item for item in found if item is not None and item.text(0) == "Accounts")
    if heading.isHidden():
        return []
    leaves = [heading.child(place) for place in range(heading.childCount())]
    return [f"{leaf.text(0)} {leaf.text(1)}" for leaf in leaves if leaf is not None]


async def test_with_one_account_nothing_speaks_of_accounts(open_accounts: OpenAccounts) -> None:
    async with open_accounts("default", ids=[ONE]) as desk:
        assert not desk.window.accounts.chooser.isVisible()
        assert groups(desk) == []
        assert not desk.window.actions_.move_menu.menuAction().isVisible()
        await desk.control(Qt.Key.Key_Comma)

        assert (await desk.dialog()).windowTitle() == "API key"
        await desk.press(Qt.Key.Key_Escape)


async def test_a_keychain_that_was_locked_at_the_start_is_asked_again_when_a_person_checks(
    open_accounts: OpenAccounts, keychain: MemoryKeyring, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    keychain.is_locked = True

    async with open_accounts("default", ids=(ONE,)) as desk:
        await until(lambda: desk.reads("A key is needed to ask PixVerse"))
        await desk.press(Qt.Key.Key_F5)
        await until(lambda: desk.reads("The keychain is locked."))
        keychain.is_locked = False
        await desk.press(Qt.Key.Key_F5)

        await until(lambda: desk.status(ONE) == "Ready")


async def test_new_ids_go_to_the_account_that_was_chosen(
    open_accounts: OpenAccounts, simulation: Simulation, studio: Simulation
) -> None:
    simulation.add(ready(ONE))
    studio.add(ready(TWO))

    async with open_accounts("default", "studio") as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Ready")
        chooser = desk.button("Adding to: default")
        next(one for one in chooser.menu().actions() if one.text() == "studio").trigger()  # type: ignore[attr-defined]
        await until(lambda: desk.has_button("Adding to: studio"))
        await desk.drop(mime(TWO))
        await until(lambda: desk.status(TWO) == "Ready")

        assert desk.engine.library.get(VideoRef("studio", TWO)) is not None
        assert desk.engine.settings.current_account == "studio"
        await until(lambda: groups(desk) == ["default 1", "studio 1"])
        assert desk.cell(TWO, "Account") == "studio"
        assert _shows_account(desk.table)


def _shows_account(table: QTableView) -> bool:
    model = table.model()
    titles = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    return not table.isColumnHidden(titles.index("Account"))


async def test_the_dialog_lists_each_account_with_its_state(
    open_accounts: OpenAccounts, simulation: Simulation, studio: Simulation
) -> None:
    simulation.add(life(ONE, stories.never()))
    studio.keys = frozenset()

    async with open_accounts("default", "studio", ids=[ONE]) as desk:
        await desk.engine.library.add([TWO], account="studio")
        await desk.engine.library.add([TWO], account="nobody")
        await until(lambda: desk.reads("studio: PixVerse does not accept this key."))
        await desk.choose("Accounts…")
        await desk.dialog()

        await until(lambda: ["studio", "Key refused", ""] in lines(desk) and len(lines(desk)) == 3)
        assert [line[:2] for line in lines(desk)] == [
            ["default", "Connected"],
            ["nobody", "No key yet"],
            ["studio", "Key refused"],
        ]
        await desk.press(Qt.Key.Key_Escape)


async def test_an_account_is_added_tested_and_its_key_removed(
    open_accounts: OpenAccounts, studio_server: SimulatorServer, keychain: MemoryKeyring, studio: Simulation
) -> None:
    async with open_accounts("default") as desk:
        await desk.choose("Accounts…")
        await desk.dialog()
        await desk.click("Add…")
        await until(lambda: desk.has_button("Test and save"))
        await desk.type("studio", "Name")
        service = next(box for box in desk.visible(QComboBox) if box.accessibleName() == "Service")
        service.setFocus()
        await desk.press(Qt.Key.Key_End)
        await desk.type(studio_server.url, "Address")
        await desk.type(OTHER_KEY, "API key")
        await desk.click("Test and save")
        await until(lambda: desk.reads("The key works"))
        await until(lambda: len(lines(desk)) == 2)

        assert OTHER_KEY in keychain.passwords.values()
        assert desk.engine.sessions.are_several

        await desk.click("Test")
        await until(lambda: desk.reads("The key of “studio” works"))
        await desk.click("Remove key")
        await until(lambda: desk.reads("The stored key is removed."))
        assert OTHER_KEY not in keychain.passwords.values()
        await desk.press(Qt.Key.Key_Escape)


async def test_what_is_wrong_with_a_new_account_is_said_in_the_form(open_accounts: OpenAccounts) -> None:
    async with open_accounts("default") as desk:
        await desk.choose("Accounts…")
        await desk.dialog()
        await desk.click("Add…")
        await until(lambda: desk.has_button("Test and save"))
        await desk.type("some-key", "API key")
        await desk.click("Test and save")
        await until(lambda: desk.reads("Give the account a name"))
        await desk.type("default", "Name")
        await desk.click("Test and save")
        await until(lambda: desk.reads("There is an account “default” already."))
        service = next(box for box in desk.visible(QComboBox) if box.accessibleName() == "Service")
        service.setCurrentIndex(2)
        await desk.type("http://example.com", "Address")
        await desk.click("Test and save")
        await until(lambda: desk.reads("must begin with https://"))
        await desk.click("Cancel")
        await desk.press(Qt.Key.Key_Escape)


async def test_the_banner_leads_to_the_key_of_the_account_in_trouble(
    open_accounts: OpenAccounts, studio: Simulation, simulation: Simulation
) -> None:
    simulation.add(life(ONE, stories.never()))
    studio.add(ready(TWO))
    studio.keys = frozenset(["a-new-key"])

    async with open_accounts("default", "studio", ids=[ONE]) as desk:
        await desk.engine.library.add([TWO], account="studio")
        await until(lambda: desk.has_button("Enter key"))
        assert desk.reads("studio: Key refused")
        assert desk.status(ONE) == "Generating"
        await desk.click("Enter key")
        assert (await desk.dialog()).windowTitle() == "API key of studio"
        await desk.type("a-new-key", "API key")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: desk.status(TWO) == "Ready")
        assert not desk.has_button("Enter key")


async def test_a_row_moves_to_another_account_is_asked_there_and_comes_back(
    open_accounts: OpenAccounts, studio: Simulation
) -> None:
    studio.add(ready(ONE))

    async with open_accounts("default", "studio", ids=[ONE]) as desk:
        await desk.select(ONE)
        menu = desk.window.actions_.move_menu
        next(one for one in menu.actions() if one.text() == "studio").trigger()
        await until(lambda: desk.status(ONE) == "Ready")

        assert desk.reads("1 moved to studio, which is asked now.")
        assert desk.cell(ONE, "Account") == "studio"
        assert desk.selected == [ONE]
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.cell(ONE, "Account") == "default")


async def test_a_row_whose_id_is_there_already_stays_and_that_is_said(open_accounts: OpenAccounts) -> None:
    async with open_accounts("default", "studio", ids=[ONE]) as desk:
        await desk.engine.library.add([ONE], account="studio")
        await until(lambda: len(desk.ids) == 2)
        await desk.select(ONE)
        menu = desk.window.actions_.move_menu
        next(one for one in menu.actions() if one.text() == "studio").trigger()

        await until(lambda: desk.reads("1 stayed: studio has the same id already."))
        assert len(desk.ids) == 2


async def test_low_credits_are_told_with_the_name_of_the_account(
    open_accounts: OpenAccounts, studio: Simulation
) -> None:
    async with open_accounts("default", "studio", ids=[ONE]) as desk:
        desk.engine.preferences.change(low_credits=5000)
        await desk.choose("Check now")

        await until(lambda: desk.reads("studio: few credits are left") or desk.reads("default: few credits"))


async def test_a_run_with_a_key_from_outside_says_that_it_is_for_one_account(
    open_accounts: OpenAccounts, where: Places, server: SimulatorServer, defects: list[BaseException]
) -> None:
    async with open_accounts("default", "studio"):
        pass
    desk = Desk(where, server.url, defects)
    try:
        await desk.open(key=KEY)
        await desk.choose("Accounts…")
        await desk.dialog()

        assert desk.reads("This run uses one account alone")
        assert not desk.button("Add…").isEnabled()
        assert ["studio", "Not used in this run", ""] in lines(desk)
        await desk.press(Qt.Key.Key_Escape)
    finally:
        await desk.close()
