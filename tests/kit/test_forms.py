"""Keys of forms: the same form with the same words names the same thing."""

from app.kit.forms import form_key, id_of_form


def test_a_form_sent_twice_names_one_thing_and_other_words_another() -> None:
    key = form_key()
    assert id_of_form(key, "a", "b") == id_of_form(key, "a", "b")
    others = {
        id_of_form(key, "a", "c"), id_of_form(key, "ab", ""), id_of_form(form_key(), "a", "b"),
        id_of_form(key, "b", "b"), id_of_form(key, "a", "b"),
    }  # fmt: skip
    assert len(others) == 5
    assert all(len(one) == 36 for one in others)


def test_without_a_key_each_time_is_another_thing() -> None:
    assert id_of_form("", "a") != id_of_form("", "a")
