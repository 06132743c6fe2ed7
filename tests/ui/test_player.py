"""The player: the clip of the selected row, or a sentence about why there is none."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.simulator import Life, Place, Simulation, Story, faults, stories
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, is_close, middle_of, mime, until
from tests.ui.lives import BLUE, GREEN, ONE, RED, THREE, TWO, life, ready


async def playing(desk: Desk, colour: str = RED) -> None:
    """Wait until the clip is seen, then give the list the focus."""
    await until(lambda: desk.sees_colour(colour))
    await until(desk.is_playing)
    desk.table.setFocus()


async def test_it_plays_as_soon_as_the_address_comes(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(life(ONE, stories.quick(0.5)))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.reads("Not finished yet."))
        assert not desk.button("Play or pause").isEnabled()

        await playing(desk)
        first = desk.window.player.view.grab().toImage()
        await until(lambda: desk.window.player.view.grab().toImage() != first)
        assert desk.button("Play or pause").isEnabled()


async def test_selecting_another_row_shows_its_clip(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "03-blue.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Ready")
        await desk.select(ONE)
        await playing(desk, RED)
        await desk.press(Qt.Key.Key_Down)
        await playing(desk, BLUE)

        assert desk.reads(TWO)


async def test_a_broken_address_has_words_and_a_way_on(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(life(ONE, stories.broken_address(0)))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.reads("The clip is not (any more) at its address (HTTP 404)."))
        assert not desk.button("Play or pause").isEnabled()

        simulation.add(ready(ONE))
        await desk.click("Retry")
        await playing(desk)


async def test_retry_is_pressed_by_the_keyboard_too(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.inject(faults.page(200), place=Place.MEDIA)

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.has_button("Retry"))
        desk.button("Retry").setFocus()
        await desk.press(Qt.Key.Key_Space)

        await playing(desk)


async def test_a_clip_that_cannot_be_decoded_has_words(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE, "hollow.mp4"))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))

        await until(lambda: desk.reads("This clip cannot be played here. It may still be saved."))
        assert desk.has_button("Retry")


async def test_what_is_fetched_slowly_shows_how_much_has_come(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.inject(faults.slow(2_000_000), place=Place.MEDIA)

    async with open_desk() as desk:
        await desk.drop(mime(ONE))

        await until(lambda: desk.reads("Fetching the clip… "))
        await playing(desk)


ENDINGS: tuple[tuple[Story, str, str], ...] = (
    (stories.moderated(0), "Moderated", "Blocked by PixVerse’s moderation."),
    (stories.failed(0), "Failed", "The generation failed at PixVerse."),
    (stories.deleted(), "Deleted", "Deleted at PixVerse."),
    (
        stories.unknown_code(42, 999),
        "Unknown (42)",
        "PixVerse gave a status this program does not know (42).",
    ),
)


@pytest.mark.parametrize(("story", "word", "sentence"), ENDINGS, ids=[word for _, word, _ in ENDINGS])
async def test_a_video_without_a_clip_says_why(
    open_desk: OpenDesk, simulation: Simulation, story: Story, word: str, sentence: str
) -> None:
    simulation.add(life(ONE, story))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))

        await until(lambda: desk.status(ONE) == word)
        assert desk.window.player.note_text.startswith(sentence)


async def test_a_question_that_is_wrong_offers_to_check_again(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    simulation.inject(faults.error(400017, "invalid parameter"))

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Needs you")
        check = next(
            one for one in desk.window.player.findChildren(QWidget) if one.property("text") == "Check now"
        )
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)

        await playing(desk)


async def test_removing_the_row_clears_the_player(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [])

        assert not desk.window.player.view.has_picture
        assert desk.window.player.note_text == "Select a video to see it here."
        assert not desk.window.player.controls.isEnabled()


async def test_space_pauses_and_plays_on(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Space)
        assert not desk.is_playing()
        await desk.press(Qt.Key.Key_Space)
        assert desk.is_playing()
        await desk.click("Play or pause")
        assert not desk.is_playing()


async def test_a_click_on_the_picture_pauses(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        QTest.mouseClick(desk.window.player.view, Qt.MouseButton.LeftButton)

        await until(lambda: not desk.is_playing())


async def test_it_begins_silent_and_what_m_sets_is_remembered(
    open_desk: OpenDesk, simulation: Simulation, where: Places
) -> None:
    simulation.add(ready(ONE, "02-green.mp4"))
    settings = SettingsFile(where.settings_file)

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk, GREEN)
        assert desk.shows_icon("Mute", "mute")
        await desk.press(Qt.Key.Key_M)
        assert desk.shows_icon("Mute", "volume")
        await until(lambda: not settings.load().is_muted)

    async with open_desk() as again:
        assert again.window.player.playback.is_muted is False


async def test_l_stops_looping_and_it_is_remembered(
    open_desk: OpenDesk, simulation: Simulation, where: Places
) -> None:
    simulation.add(ready(ONE))
    settings = SettingsFile(where.settings_file)

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        assert desk.button("Loop").isChecked()
        await desk.press(Qt.Key.Key_L)

        assert not desk.button("Loop").isChecked()
        await until(lambda: not settings.load().is_looping)


async def test_without_looping_it_stops_at_the_end_and_begins_anew_when_told(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE, "04-amber.mp4"))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk, "#E0A021")
        await desk.press(Qt.Key.Key_L)
        await until(lambda: not desk.is_playing())
        await desk.press(Qt.Key.Key_Space)

        await until(desk.is_playing)


async def test_a_click_on_the_line_goes_there(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Space)
        line = desk.slider("Position")
        QTest.mouseClick(
            line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() * 2 // 3, line.height() // 2)
        )

        await until(lambda: 1_700 <= desk.window.player.playback.position_ms <= 2_300)
        assert desk.reads("0:02 / 0:03")


async def test_the_arrows_go_a_second_back_and_forward(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Space)
        desk.window.player.playback.seek(0)
        desk.button("Play or pause").setFocus()
        await desk.press(Qt.Key.Key_Right)
        await until(lambda: desk.reads("0:01 / 0:03"))
        await desk.press(Qt.Key.Key_Right)
        await until(lambda: desk.reads("0:02 / 0:03"))
        await desk.press(Qt.Key.Key_Left)
        await until(lambda: desk.reads("0:01 / 0:03"))


async def test_the_arrows_set_the_loudness_while_its_slider_has_the_focus(
    open_desk: OpenDesk, simulation: Simulation, where: Places
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        desk.slider("Volume").setFocus()
        await desk.press(Qt.Key.Key_Right)

        assert desk.slider("Volume").value() == 71
        await until(lambda: SettingsFile(where.settings_file).load().volume_percent == 71)


async def test_space_presses_the_button_that_has_the_focus(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        desk.button("Loop").setFocus()
        await desk.press(Qt.Key.Key_Space)

        assert not desk.button("Loop").isChecked()
        assert desk.is_playing()


def full_screen() -> QWidget | None:
    """The window with nothing but the picture."""
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    return next((top for top in tops if top.windowTitle() == "PixVerse Desktop: full screen"), None)


@pytest.mark.parametrize("way_back", [Qt.Key.Key_Escape, Qt.Key.Key_F])
async def test_f_fills_the_screen_and_a_key_leads_back(
    open_desk: OpenDesk, simulation: Simulation, way_back: Qt.Key
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_F)
        filled = full_screen()
        assert filled is not None
        assert filled.isFullScreen()
        await until(lambda: is_close(middle_of(filled.grab().toImage()), RED, 6))

        QTest.keyClick(filled, way_back)
        await until(lambda: full_screen() is None)
        await until(lambda: desk.sees_colour(RED))


async def test_a_picture_that_stands_still_fills_the_screen_too(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Space)
        await desk.press(Qt.Key.Key_F)
        filled = full_screen()
        assert filled is not None

        await until(lambda: is_close(middle_of(filled.grab().toImage()), RED, 6))


async def test_letters_typed_into_a_field_are_letters(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.choose("API key…")
        await desk.type("m l f")

        assert next(desk.visible(QLineEdit)).text() == "m l f"
        assert desk.window.player.playback.is_muted
        assert desk.window.player.playback.is_looping
        assert desk.is_playing()
        assert full_screen() is None
        await desk.click("Close")


async def test_running_down_the_list_fetches_the_last_row_alone(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    ids = [str(391504857968062 + number) for number in range(8)]
    for video_id in ids:
        simulation.add(ready(video_id, "03-blue.mp4"))

    async with open_desk(ids=ids) as desk:
        await until(lambda: all(desk.status(video_id) == "Ready" for video_id in ids))
        await desk.select(ids[0])
        await playing(desk, BLUE)
        before = _fetched(simulation)
        for _ in ids[1:]:
            await desk.press(Qt.Key.Key_Down)
        await until(lambda: _fetched(simulation) > before)
        await playing(desk, BLUE)

        assert desk.selected == [ids[-1]]
        assert _fetched(simulation) == before + 1


def _fetched(simulation: Simulation) -> int:
    return sum(request.place is Place.MEDIA for request in simulation.requests)


async def test_a_clip_that_was_fetched_once_is_not_fetched_again(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    simulation.add(Life(video_id=TWO, steps=stories.never()))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await playing(desk)
        await desk.select(TWO)
        await until(lambda: desk.reads("Not finished yet."))
        await desk.select(ONE)
        await playing(desk)

        assert _fetched(simulation) == 1


async def test_a_clip_is_stepped_by_frames_from_the_list(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_Space)
        desk.window.player.playback.seek(1001)
        await until(lambda: desk.reads("0:01 / 0:03 · 25"))

        await desk.press(Qt.Key.Key_Period)
        await until(lambda: desk.reads("0:01 / 0:03 · 26"))
        await desk.press(Qt.Key.Key_Comma)
        await desk.press(Qt.Key.Key_Comma)
        await until(lambda: desk.reads("0:01 / 0:03 · 24"))
        assert not desk.is_playing()


async def test_a_clip_plays_slower_and_at_its_own_speed_again(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_BracketLeft)
        await desk.press(Qt.Key.Key_BracketLeft)
        assert desk.button("Usual speed").text() == "0.5×"
        assert desk.window.player.playback.rate == 0.5

        await desk.press(Qt.Key.Key_BracketRight)
        assert desk.button("Usual speed").text() == "0.75×"
        await desk.press(Qt.Key.Key_Backspace)
        assert not desk.has_button("Usual speed")


async def test_single_keys_of_the_player_are_letters_in_a_field(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.control(Qt.Key.Key_F)
        for key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_M):
            await desk.press(key)

        assert desk.window.player.playback.rate == 1.0
        assert desk.window.page.search.text() == "[.,m"


async def test_a_frame_is_copied_and_saved_beside_the_clip(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        desk.engine.preferences.change(save_folder=str(tmp_path / "clips"))
        await playing(desk)
        await desk.control(Qt.Key.Key_S)
        await until(lambda: desk.status(ONE) == "Saved")
        await desk.press(Qt.Key.Key_Space)
        desk.window.player.playback.seek(1001)
        await until(lambda: desk.reads("0:01 / 0:03 · 25"))
        shown = desk.window.player.view.image()
        await desk.press(Qt.Key.Key_S)

        (clip,) = (tmp_path / "clips").glob("*.mp4")
        picture = clip.with_name(f"{clip.stem}_frame25.png")
        await until(lambda: desk.reads(f"Frame 25 copied, and saved as {picture.name}"))
        rgb = QImage.Format.Format_RGB32
        assert QImage(str(picture)).convertToFormat(rgb) == shown.convertToFormat(rgb)
        assert QApplication.clipboard().image().convertToFormat(rgb) == shown.convertToFormat(rgb)


async def test_without_a_folder_a_frame_is_only_copied(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        await desk.press(Qt.Key.Key_S)

        await until(lambda: desk.reads("copied. Once there is a folder for clips it is saved there too."))
        assert not QApplication.clipboard().image().isNull()


async def test_the_details_tell_what_the_file_of_the_clip_is(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "02-green.mp4"))
    simulation.add(life(THREE, stories.moderated(0)))

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Ready")
        await desk.select(ONE)
        await until(lambda: desk.reads("1280 × 720, H.264, 24 fps, 3.0 s, no sound"))
        await desk.select(TWO)
        await until(lambda: desk.reads("H.264, 24 fps, 4.0 s, AAC"))

        await until(lambda: desk.status(THREE) == "Moderated")
        await desk.select(THREE)
        await until(lambda: not desk.reads("fps"))


@pytest.mark.parametrize("rate", ["", "["])
async def test_in_the_narrowest_player_time_and_all_buttons_are_seen(
    open_desk: OpenDesk, simulation: Simulation, rate: str
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await playing(desk)
        desk.window.page.setSizes([180, 2000, 1])
        await until(lambda: desk.window.player.width() <= 262)
        if rate:
            await desk.press(Qt.Key.Key_BracketLeft)
        await until(lambda: desk.slider("Position").width() < 200)  # beside the time
        room = desk.slider("Position").width()
        await desk.press(Qt.Key.Key_Space)

        controls = desk.window.player.controls
        await until(lambda: not desk.is_playing() and desk.reads("/ 0:03 · "))
        for name in ("Play or pause", "Loop", "Mute", "Full screen", *(["Usual speed"] if rate else [])):
            button = desk.button(name)
            assert button.width() >= button.minimumSizeHint().width()
            assert controls.rect().contains(button.geometry())
        (time,) = (label for label in desk.visible(QLabel) if "/ 0:03 · " in label.text())
        assert time.width() >= time.minimumSizeHint().width()
        assert controls.rect().contains(desk.slider("Volume").geometry())
        assert desk.slider("Position").width() == room >= 120
