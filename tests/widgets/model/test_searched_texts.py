"""A part is found in exactly the texts that hold it, whatever became of them meanwhile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.model.searched_texts import SearchedTexts

TEXT = st.text(alphabet="ab泵.\n", max_size=6)


@given(
    texts=st.lists(TEXT, min_size=1, max_size=8),
    later=st.lists(st.tuples(st.integers(0, 7), TEXT), max_size=4),
    part=st.text(alphabet="ab泵.", min_size=1, max_size=3),
)
def test_that_a_part_is_found_in_the_texts_that_hold_it(
    texts: list[str], later: list[tuple[int, str]], part: str
) -> None:
    searched = SearchedTexts()
    searched.make_room(len(texts))
    for place, text in enumerate(texts):
        searched.put(place, text)
    assert searched.holding(part).tolist() == [part in text for text in texts]
    for place, text in later:
        texts[place % len(texts)] = text
        searched.put(place % len(texts), text)
    assert searched.holding(part).tolist() == [part in text for text in texts]


def test_that_nothing_is_found_where_there_is_no_text() -> None:
    assert SearchedTexts().holding("a").tolist() == []
