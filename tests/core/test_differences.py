"""Which words of a text others lack, with the words around them."""

import time

import pytest

from pixverse_desktop.core.differences import Kind, Piece, differences, told_apart

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


def test_a_few_texts_are_told_apart_by_their_own_words() -> None:
    told = told_apart([BOAT, BOAT.replace("boat", "kite"), BOAT.replace("red ", "")])

    own = [[piece.words for piece in pieces if piece.kind is Kind.OWN] for pieces in told]
    assert own == [["red", "boat"], ["red", "kite"], ["boat"]]
    assert all(piece.kind is not Kind.MISSING for pieces in told for piece in pieces)


@pytest.mark.parametrize(
    "texts",
    [
        ["a red boat at dusk", "the fox looks up from snow"],  # nothing to be told apart by
        ["a  red boat", "a red boat"],  # no word differs
        [" ".join(["word"] * 400 + [str(number)]) for number in range(5)],  # takes too long
        [BOAT, ""],
        [BOAT],
        [],
    ],
)
def test_texts_that_are_not_told_apart_so_are_left_as_they_are(texts: list[str]) -> None:
    assert told_apart(texts) == []


def test_the_longest_texts_that_are_told_apart_take_little_time() -> None:
    texts = [" ".join(["word"] * 100 + [str(number)]) for number in range(3)]
    began_s = time.perf_counter()

    told_apart(texts)

    assert time.perf_counter() - began_s < 0.5  # 0.01 s on a quiet machine


def test_chinese_is_told_apart_by_its_characters() -> None:
    assert differences("一只红色小船在雨中", ["一只蓝色小船在雨中"]) == [
        Piece("一只", Kind.SHARED),
        Piece("红", Kind.OWN),
        Piece("色小 …", Kind.SHARED),
    ]


def test_words_and_characters_may_stand_side_by_side() -> None:
    assert differences("a 小船 drifts, slowly", ["a 小舟 drifts, slowly"]) == [
        Piece("a 小", Kind.SHARED),
        Piece("船", Kind.OWN),
        Piece("drifts, slowly", Kind.SHARED),
    ]


def test_long_texts_without_a_word_in_common_are_all_their_own() -> None:
    ours, theirs = (" ".join(f"{side}{number}" for number in range(400)) for side in "ab")

    assert differences(ours, [theirs]) == [Piece(ours, Kind.OWN)]


def test_a_word_amid_many_that_repeat_is_found() -> None:
    words = ["the", "boat"] * 300

    own = [
        piece
        for piece in differences(" ".join([*words, "kite", *words]), [" ".join([*words, "gull", *words])])
        if piece.kind is Kind.OWN
    ]

    assert own == [Piece("kite", Kind.OWN)]


def test_of_many_missing_words_the_first_and_the_last_are_told() -> None:
    theirs = " ".join(f"word{number}" for number in range(80))

    assert differences("a boat", [f"a {theirs} boat"]) == [
        Piece("a", Kind.SHARED),
        Piece("word0 word1 word2 … word77 word78 word79", Kind.MISSING),
        Piece("boat", Kind.SHARED),
    ]
