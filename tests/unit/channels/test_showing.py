"""What the engine said becomes a screen that fits, or a message, with sealed values opened."""

from __future__ import annotations

import pytest
import redis

from channels.memory import Shown
from channels.port import Capabilities
from channels.rendering.menus import Choice
from channels.rendering.pages import Budget, Page, cut_for_all
from channels.showing import Showing
from core.errors import TokenRefused
from core.messages import Answered, Button, ChannelKind, Expects, Reply
from core.privacy import Seal
from core.vault import SHOWN, Vault
from locales import compile as compiled
from locales.catalogs import Catalogs
from tests.builders import KEY, a_reply

CONVERSATION = "ussd-a"
SCREEN = Capabilities(4.0, Budget())
CHAT = Capabilities(10.0, can_send=True)
LANGUAGES = ("ar", "ary", "fr", "zgh")
MENU = Answered((a_reply("Que voulez-vous ?", "Inscription", "Aide"),), Expects.MENU, "fr")
REMARKS = ["door_wrong_choice", "door_empty", "door_too_long", "door_media"]


@pytest.fixture(scope="session")
def catalogs() -> Catalogs:
    compiled.main()
    return Catalogs.load()


@pytest.fixture
def vault(store: redis.Redis) -> Vault:
    return Vault(store, Seal(KEY))


@pytest.fixture
def showing(catalogs: Catalogs, vault: Vault) -> Showing:
    return Showing(catalogs, vault)


def on_screen(showing: Showing, answered: Answered, language: str = "fr") -> Shown:
    return showing.show(answered, ChannelKind.USSD, SCREEN, CONVERSATION, language)


def in_chat(showing: Showing, answered: Answered, kind: ChannelKind = ChannelKind.SMS) -> Shown:
    return showing.show(answered, kind, CHAT, CONVERSATION, answered.language)


def test_buttons_are_numbered_over_all_replies(showing: Showing) -> None:
    answered = Answered((a_reply("Un", "A", "B"), a_reply("Deux", "C")), Expects.MENU, "fr")
    shown = on_screen(showing, answered)

    assert ["/a", "/b", "/c"] == [choice.payload for choice in shown.choices]
    assert "Un\nDeux\n1 A\n2 B\n3 C" in shown.text


def test_what_is_expected_and_where_it_stands_is_kept(showing: Showing) -> None:
    answered = Answered((a_reply("Au revoir"),), Expects.CODE, "fr", is_root=True, ends=True)
    shown = on_screen(showing, answered)

    assert (Expects.CODE, True, True) == (shown.expects, shown.is_root, shown.ends)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", [1, 5, 40, 200])
def test_every_page_of_a_screen_fits(showing: Showing, language: str, length: int) -> None:
    word = {"ar": "السجل", "ary": "السجل", "fr": "registre", "zgh": "ⴰⵣⵎⵎⴻⵎ"}[language]
    replies = (Reply(" ".join([word] * length), (Button(word, "/a"), Button(word * 3, "/b"))),)
    shown = on_screen(showing, Answered(replies, Expects.MENU, language), language)

    assert all(Budget().holds(page.text) for page in shown.pages)
    assert ["/a", "/b"] == [c.payload for page in shown.pages for c in page.choices]


def test_a_menu_offers_the_way_back_and_home_unless_nothing_lies_behind_it(
    showing: Showing,
) -> None:
    root = Answered(MENU.replies, Expects.MENU, "fr", is_root=True)
    goodbye = Answered((Reply("Au revoir"),), Expects.NOTHING, "fr", ends=True)

    assert "0 retour  00 menu" in on_screen(showing, MENU).text.lower()
    assert on_screen(showing, root).text.endswith("2 Aide")
    assert "Au revoir" == on_screen(showing, goodbye).text


def test_a_question_for_a_number_offers_no_0_because_there_0_is_an_answer(
    showing: Showing,
) -> None:
    asked = Answered((Reply("Combien de personnes ?"),), Expects.NUMBER, "fr")
    lines = on_screen(showing, asked).text.lower().split("\n")

    assert ["combien de personnes ?", "00 menu"] == lines


def test_a_message_is_one_piece_without_navigation(showing: Showing) -> None:
    long = Answered((Reply("mot " * 300, (Button("Oui", "/affirm"),)),), Expects.MENU, "fr")
    shown = in_chat(showing, long)

    assert 1 == len(shown.pages)
    assert shown.text.endswith("mot\n1 Oui")


def test_tifinagh_is_latin_on_a_feature_phone_and_itself_on_whatsapp(showing: Showing) -> None:
    said = Answered((Reply("ⴰⵣⵓⵍ", (Button("ⵜⵉⵡⵉⵙⵉ", "/help"),)),), Expects.MENU, "zgh")

    assert on_screen(showing, said, "zgh").text.isascii()
    assert in_chat(showing, said).text.isascii()
    assert "ⴰⵣⵓⵍ\n1 ⵜⵉⵡⵉⵙⵉ" == in_chat(showing, said, ChannelKind.WHATSAPP).text


def test_a_value_of_a_file_is_opened_on_its_way_to_the_screen(
    showing: Showing, vault: Vault
) -> None:
    token = vault.put("9,7430010", SHOWN, CONVERSATION)
    shown = on_screen(showing, Answered((Reply(f"Indice : {token}"),), Expects.NOTHING, "fr"))

    assert "Indice : 9,7430010" in shown.text
    assert "[[" not in shown.text
    assert shown.is_personal


def test_a_value_in_tifinagh_is_written_for_the_screen_too(showing: Showing, vault: Vault) -> None:
    token = vault.put("ⴰⵣⵓⵍ", SHOWN, CONVERSATION)
    shown = on_screen(showing, Answered((Reply(token),), Expects.NOTHING, "zgh"), "zgh")

    assert "azul" == shown.text.split("\n")[0].lower()


def test_a_value_whose_time_is_over_is_a_dash(showing: Showing, vault: Vault) -> None:
    token = vault.put("9,7430010", SHOWN, CONVERSATION)
    vault.destroy(token)
    shown = on_screen(showing, Answered((Reply(f"Indice : {token}"),), Expects.NOTHING, "fr"))

    assert "Indice : -" in shown.text


@pytest.mark.parametrize(
    ("purpose", "conversation"), [("idcs", CONVERSATION), (SHOWN, "ussd-another")]
)
def test_a_token_that_is_not_for_this_screen_is_refused(
    showing: Showing, vault: Vault, purpose: str, conversation: str
) -> None:
    token = vault.put("5839204719", purpose, conversation)

    with pytest.raises(TokenRefused):
        on_screen(showing, Answered((Reply(f"Vous: {token}"),), Expects.NOTHING, "fr"))


@pytest.mark.parametrize("expects", [e for e in Expects if e is not Expects.NOTHING])
def test_a_question_without_a_value_is_nobodys(showing: Showing, expects: Expects) -> None:
    assert not on_screen(showing, Answered((Reply("Question"),), expects, "fr")).is_personal


def test_a_statement_may_be_about_somebody_even_without_a_value(showing: Showing) -> None:
    said = Answered((Reply("RSU : votre ménage n'est pas inscrit."),), Expects.NOTHING, "fr")

    assert on_screen(showing, said).is_personal


@pytest.mark.parametrize("key", REMARKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remark_stands_above_the_same_screen(showing: Showing, key: str, language: str) -> None:
    shown = Shown((Page("1 A\n2 B", (Choice(1, "A", "/a"), Choice(2, "B", "/b"))),))
    remarked = showing.remark(key, shown, ChannelKind.SMS, CHAT, language)

    assert showing.sentence(key, ChannelKind.SMS, language) + "\n1 A\n2 B" == remarked.text
    assert shown.pages == remarked.pages


@pytest.mark.parametrize("key", REMARKS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letters", [10, 60, 150])
def test_a_remark_always_fits(showing: Showing, key: str, language: str, letters: int) -> None:
    shown = on_screen(showing, Answered((Reply("a" * letters),), Expects.TEXT, "fr"))
    remarked = showing.remark(key, shown, ChannelKind.USSD, SCREEN, language)

    assert Budget().holds(remarked.text)
    assert showing.sentence(key, ChannelKind.USSD, language) in remarked.text


def test_a_remark_without_room_stands_alone_and_98_leads_on(showing: Showing) -> None:
    shown = on_screen(showing, Answered((Reply("a" * 150),), Expects.TEXT, "fr", is_root=True))
    remarked = showing.remark("door_too_long", shown, ChannelKind.USSD, SCREEN, "fr")
    sentence, foot = remarked.text.split("\n")

    assert showing.sentence("door_too_long", ChannelKind.USSD, "fr") == sentence
    assert foot.startswith("98 ")
    assert remarked.is_behind


def test_a_second_remark_takes_the_place_of_the_first(showing: Showing) -> None:
    shown = on_screen(showing, MENU)
    for key in ("door_empty", "door_wrong_choice"):
        shown = showing.remark(key, shown, ChannelKind.USSD, SCREEN, "fr")

    assert showing.sentence("door_empty", ChannelKind.USSD, "fr") not in shown.text
    assert showing.sentence("door_wrong_choice", ChannelKind.USSD, "fr") in shown.text


def test_without_a_language_a_menu_that_leaves_no_room_is_shown_plain(showing: Showing) -> None:
    shown = on_screen(showing, MENU)
    remarked = showing.remark("door_too_long", shown, ChannelKind.USSD, SCREEN, "")

    assert shown.text == remarked.text
    assert Budget().holds(remarked.text)


def test_a_sentence_is_in_every_language_where_none_is_known(showing: Showing) -> None:
    said = showing.sentence("door_down", ChannelKind.USSD, "")

    assert Budget().holds(said)
    assert set(said.split("\n")) == {
        showing.sentence("door_down", ChannelKind.USSD, language) for language in LANGUAGES
    }


def test_only_what_holds_nothing_of_a_file_is_laid_out_for_all(
    showing: Showing, vault: Vault
) -> None:
    cut_for_all.cache_clear()
    token = vault.put("MAD 500", SHOWN, CONVERSATION)
    somebodys = Answered((a_reply(f"Vous recevez {token}", "Menu"),), Expects.MENU, "fr")
    first, second = (on_screen(showing, somebodys) for _ in range(2))
    kept_of_a_file = cut_for_all.cache_info().currsize
    menus = [on_screen(showing, MENU) for _ in range(3)]

    assert "MAD 500" in first.text
    assert (first, 0) == (second, kept_of_a_file)
    assert [menus[0]] * 3 == menus
    assert (1, 2) == (cut_for_all.cache_info().currsize, cut_for_all.cache_info().hits)
