"""Which words of a text others lack, with the words around them."""

from pixverse_desktop.core.differences import Kind, Piece, differences

BOAT = "a red paper boat drifts down the gutter at dusk in the rain"


def test_texts_alike_have_no_differences() -> None:
    assert differences(BOAT, [BOAT, BOAT]) == []


def test_a_word_that_differs_stands_among_its_neighbours() -> None:
    assert differences(BOAT, [BOAT.replace("boat", "kite")]) == [
        Piece("… red paper", Kind.SHARED),
        Piece("boat", Kind.OWN),
        Piece("drifts down …", Kind.SHARED),
    ]


def test_the_words_between_two_differences_are_left_out_once() -> None:
    other = BOAT.replace("paper", "tin").replace("rain", "snow")

    assert "".join(piece.words for piece in differences(BOAT, [other])).count("…") == 1


def test_what_differs_from_any_of_several_is_told() -> None:
    others = [BOAT.replace("boat", "kite"), BOAT.replace("dusk", "dawn")]

    assert [piece.words for piece in differences(BOAT, others) if piece.kind is Kind.OWN] == ["boat", "dusk"]


def test_words_that_are_missing_are_told() -> None:
    assert differences("a red boat", ["a red paper boat"]) == [
        Piece("a red", Kind.SHARED),
        Piece("paper", Kind.MISSING),
        Piece("boat", Kind.SHARED),
    ]


def test_a_text_without_another_is_all_its_own() -> None:
    assert differences("a boat", [""]) == [Piece("a boat", Kind.OWN)]


def test_a_text_without_words_lacks_all() -> None:
    assert differences("", ["a boat"]) == [Piece("a boat", Kind.MISSING)]
    assert differences("", [""]) == []
