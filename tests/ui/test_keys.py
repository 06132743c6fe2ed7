"""The key and the connection: the page, dialog or banner that fits, and words for each thing that happens."""

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLineEdit

from pixverse_desktop.simulator import Place, Simulation, SimulatorServer, faults, stories
from pixverse_desktop.ui import theme
from tests.ui.conftest import KEY, OpenDesk
from tests.ui.desk import Desk, has_colour, mime, until
from tests.ui.keyrings import MemoryKeyring
from tests.ui.lives import ONE, life, ready

WELCOME = "Watch your PixVerse videos finish"
DROP_HERE = "Drop video ids here"
CREDITS = QLocale().toString(1500)


def field(desk: Desk) -> QLineEdit:
    return desk.field()


async def test_without_key_and_list_there_is_the_welcome(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        assert desk.reads(WELCOME)
        assert desk.reads("No key yet")
        assert field(desk).echoMode() is QLineEdit.EchoMode.Password
        assert not desk.button("Test and save").isEnabled()


async def test_the_demo_can_be_tried_first(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await desk.click("Try the demo")

        assert desk.demos == 1


async def test_a_key_that_works_is_kept_and_gone_from_the_screen(
    open_desk: OpenDesk, keychain: MemoryKeyring, simulation: Simulation
) -> None:
    async with open_desk(key=None) as desk:
        form = field(desk)
        await desk.type(KEY)
        await desk.click("Test and save")

        await until(lambda: desk.reads(DROP_HERE))
        await until(lambda: desk.reads(f"The key works: {CREDITS} credits."))
        assert f"{CREDITS} credits" in desk.words()
        assert form.text() == ""
        assert list(keychain.passwords.values()) == [KEY]
        assert not any(KEY in text for text in desk.words())


async def test_enter_submits_the_key(open_desk: OpenDesk, keychain: MemoryKeyring) -> None:
    async with open_desk(key=None) as desk:
        await desk.type(f"  {KEY} ")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: desk.reads(DROP_HERE))
        assert list(keychain.passwords.values()) == [KEY]


async def test_a_wrong_key_is_refused_in_red_and_not_kept(
    open_desk: OpenDesk, keychain: MemoryKeyring
) -> None:
    async with open_desk(key=None) as desk:
        await desk.type("another-key")
        await desk.click("Test and save")
        await until(lambda: desk.reads("PixVerse does not accept this key."))

        words = next(one for one in desk.labels() if one.text().startswith("PixVerse does not accept"))
        assert has_colour(words.grab().toImage(), theme.colours().bad)
        assert keychain.passwords == {}
        assert desk.reads(WELCOME)
        assert desk.button("Test and save").isEnabled()


async def test_a_key_is_pasted_into_the_field_and_not_taken_for_ids(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await desk.type("x")
        await desk.paste(mime(ONE))

        assert field(desk).text() == f"x{ONE}"
        assert desk.ids == []


@pytest.mark.parametrize("text", ["schlüssel", "two words"])
async def test_what_cannot_be_a_key_is_refused_unasked(
    open_desk: OpenDesk, simulation: Simulation, text: str
) -> None:
    async with open_desk(key=None) as desk:
        await desk.type(text)
        await desk.click("Test and save")

        await until(lambda: desk.reads("This is not a PixVerse key"))
        assert simulation.requests == ()


async def test_without_a_keychain_the_key_serves_for_this_run(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    simulation.add(ready())

    async with open_desk(key=None) as desk:
        await desk.type(KEY)
        assert not desk.has_button("Use for this run only")
        await desk.click("Test and save")
        await until(lambda: desk.reads("No keychain was found on this system."))
        await desk.click("Use for this run only")

        await until(lambda: desk.reads(DROP_HERE))
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Ready")


async def test_while_the_key_is_tried_the_form_waits(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.inject(faults.stall(), place=Place.BALANCE)

    async with open_desk(key=None) as desk:
        await desk.type(KEY)
        await desk.click("Test and save")
        await until(lambda: desk.reads("Asking PixVerse…"))

        assert not field(desk).isEnabled()
        assert not desk.button("Test and save").isEnabled()


async def test_closing_the_dialog_while_the_key_is_tried_does_no_harm(
    open_desk: OpenDesk, simulation: Simulation, server: SimulatorServer, defects: list[BaseException]
) -> None:
    simulation.inject(faults.stall(), place=Place.BALANCE)

    async with open_desk() as desk:
        await desk.choose("API key…")
        await desk.type(KEY)
        await desk.click("Test and save")
        await until(lambda: any(one.place is Place.BALANCE for one in simulation.requests))
        await desk.click("Close")
        await until(lambda: desk.dialogs() == [])
        server.close()  # the question ends now, with nobody left to tell

        await desk.nothing_under_way("key")
        assert defects == []


async def test_with_a_list_and_no_key_a_banner_leads_to_the_key(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready())

    async with open_desk(key=None, ids=[ONE]) as desk:
        assert desk.ids == [ONE]
        assert not desk.reads(WELCOME)
        await until(lambda: desk.reads("A key is needed to ask PixVerse about these videos."))
        await desk.click("Enter key")
        await desk.type(KEY)
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: desk.dialogs() == [])
        await until(lambda: desk.status(ONE) == "Ready")
        assert not desk.reads("A key is needed")


async def test_ids_dropped_on_the_welcome_bring_the_banner(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await desk.drop(mime(ONE))

        await until(lambda: desk.ids == [ONE])
        await until(lambda: desk.reads("A key is needed to ask PixVerse about these videos."))
        assert desk.has_button("Enter key")


async def test_with_a_key_and_no_list_there_is_the_place_to_drop(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        assert desk.reads(DROP_HERE)
        assert not desk.table.isVisible()


async def test_the_last_row_that_goes_leaves_the_place_to_drop(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.reads(DROP_HERE))


async def test_a_silent_service_has_a_banner_that_goes_when_it_is_back(
    open_desk: OpenDesk, simulation: Simulation, server: SimulatorServer
) -> None:
    simulation.add(life(ONE, stories.never()))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.reads("Connected"))
        server.close()
        await until(lambda: desk.has_button("Try now"))
        assert desk.reads("Offline, next try in ")

        server.start()
        await desk.click("Try now")
        await until(lambda: desk.reads("Connected"))
        assert not desk.has_button("Try now")
        assert desk.status(ONE) == "Generating"


async def test_a_key_that_is_refused_later_is_told_once(
    open_desk: OpenDesk, simulation: Simulation, server: SimulatorServer
) -> None:
    simulation.add(life(ONE, stories.never()))
    simulation.keys = frozenset()

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.has_button("Enter key"))
        assert desk.reads("Key refused")
        await desk.drop(mime("391504857968062"))
        await until(lambda: len(desk.ids) == 2)
        await until(lambda: desk.reads("1 added"))

        assert sum("does not accept this key" in text for text in desk.words()) == 1
        assert desk.status(ONE) == "Waiting"


async def test_the_banner_of_a_refused_key_stays_until_the_key_is_mended(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready())
    simulation.keys = frozenset({"a-new-key"})

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.has_button("Enter key"))
        await desk.click("Enter key")
        await desk.press(Qt.Key.Key_Escape)
        assert desk.has_button("Enter key")

        await desk.click("Enter key")
        await desk.type("a-new-key")
        await desk.press(Qt.Key.Key_Return)
        await until(lambda: desk.status(ONE) == "Ready")
        assert not desk.has_button("Enter key")


async def test_a_pause_that_pixverse_asks_for_is_told_with_its_end(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(life(ONE, stories.never()))
    simulation.inject(faults.too_many(30))

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.reads("Paused by PixVerse, next try in "))


async def test_the_stored_key_is_removed_when_told(open_desk: OpenDesk, keychain: MemoryKeyring) -> None:
    async with open_desk(key=None) as desk:
        await desk.type(KEY)
        await desk.press(Qt.Key.Key_Return)
        await until(lambda: desk.reads(DROP_HERE))
        await desk.click("API key")
        await desk.click("Remove the stored key")

        await until(lambda: desk.reads("The stored key is removed."))
        assert keychain.passwords == {}
        assert desk.reads(WELCOME)


async def test_the_key_dialog_names_the_address_the_key_goes_to(
    open_desk: OpenDesk, server: SimulatorServer
) -> None:
    async with open_desk() as desk:
        await desk.control(Qt.Key.Key_Comma)

        assert desk.reads(server.url)
        await desk.press(Qt.Key.Key_Escape)
        assert desk.dialogs() == []
