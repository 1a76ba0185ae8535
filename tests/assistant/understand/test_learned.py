"""What a question asks for, as learned: the network, its file, and when it is believed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.training.kinds import store
from assistant.understand.corpus import Corpus
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind, kind_of
from assistant.understand.learned import (
    GRAMS,
    WEIGHTS,
    KindNetwork,
    Layers,
    Sense,
    asked_of,
    build_classifier,
    features,
    texts_of,
)
from assistant.understand.turns import parts_of, understand
from vectorstore.embedding.embedder import TokenStates, build_embedder
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings, load_settings

WIDTH = 8
EMPTY = Corpus(())


def states(texts: Sequence[str], layers: Sequence[int]) -> list[TokenStates]:
    """A stand-in for the encoder: a token for each character, told by its code."""
    found = []
    for text in texts:
        rows = [[[ord(c) % 7 + n] * WIDTH for n in range(len(layers))] for c in text]
        spans = tuple((at, at + 1) for at in range(len(text)))
        found.append(TokenStates(np.array(rows, np.float32), spans))
    return found


def layers(width: int, outputs: int, seed: int = 3) -> Layers:
    rng = np.random.default_rng(seed)
    return Layers(
        np.zeros(width, np.float32),
        np.ones(width, np.float32),
        rng.normal(scale=0.01, size=(width, 6)).astype(np.float32),
        np.zeros(6, np.float32),
        rng.normal(size=(6, outputs)).astype(np.float32),
        np.zeros(outputs, np.float32),
    )


def network(**changes: object) -> KindNetwork:
    values = {
        "whole": layers(4 * WIDTH + GRAMS, 6),
        "tokens": layers(2 * WIDTH, 1),
        "kinds": ("duty", "validity", "yes_no"),
        "demands": ("figure", "organ"),
        "levels": (0.5, 0.5),
        "temperature": 1.0,
        "sure": 0.0,
    }
    return KindNetwork(**{**values, **changes})  # type: ignore[arg-type]


def features_of(turn: str, before: str) -> np.ndarray:
    alone, behind = texts_of(turn, before)
    return features(alone, *states((alone, behind), (6, 9)))


class Says:
    """A model that always hears the same."""

    def __init__(self, kind: Kind | None = None, demands: dict[str, float] | None = None):
        self.sense = Sense(kind, 0.95, demands or {}, matter=("廊桥",))
        self.heard: list[tuple[str, str]] = []

    def __call__(self, turn: str, before: str) -> Sense:
        self.heard.append((turn, before))
        return self.sense

    def nearest(self, word: str, words: Sequence[str]) -> str:
        return words[0]


def test_titles_and_long_openings_are_not_looked_at() -> None:
    assert asked_of("《云溪市养老服务办法》讲了什么") == "《》讲了什么"
    assert asked_of("甲" * 900 + "由谁负责").endswith("由谁负责")
    assert len(asked_of("甲" * 900)) < 200


def test_a_bare_follow_up_is_seen_behind_the_turn_before() -> None:
    assert texts_of("那云溪呢", "石湾由谁负责") == ("那云溪呢", "石湾由谁负责 那云溪呢")
    assert texts_of("由谁负责", "") == ("由谁负责", "由谁负责")


def test_features_tell_characters_and_the_turn_before_apart() -> None:
    seen = features_of("由谁负责", "")
    assert seen.shape == (4 * WIDTH + GRAMS,)
    assert not np.array_equal(seen, features_of("由谁负担", ""))
    assert not np.array_equal(seen, features_of("由谁负责", "那么"))
    assert np.array_equal(seen, features_of("由谁负责", ""))


def test_probabilities_sum_to_one_and_doubt_gives_no_kind() -> None:
    seen = features_of("由谁负责", "")
    kinds, demands, follows = network().probabilities(seen)
    assert kinds.sum() == pytest.approx(1)
    assert ((demands > 0) & (demands < 1)).all()
    assert 0 < follows < 1
    assert network().sense(seen).kind in (Kind.DUTY, Kind.TEMPORAL, Kind.YES_NO)
    assert network(sure=1.1).sense(seen).kind is None
    assert network(levels=(0.01, 0.01)).sense(seen).demands["figure"] > 1


def test_what_is_stored_is_what_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "kinds.npz"
    store(network(sure=0.4), file)
    loaded = KindNetwork.load(file)
    seen = features_of("石湾补多少", "")
    assert loaded.kinds == network().kinds
    assert loaded.sure == 0.4
    assert loaded.probabilities(seen)[0] == pytest.approx(
        network().probabilities(seen)[0], abs=0.02
    )
    classifier = build_classifier(states, file)
    assert classifier is not None
    assert classifier("石湾补多少", "") == classifier("石湾补多少", "")


def test_a_changed_file_is_refused_and_a_missing_one_is_none(tmp_path: Path) -> None:
    file = tmp_path / "kinds.npz"
    assert build_classifier(states, file) is None
    store(network(), file)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(PolicyError, match="校验"):
        KindNetwork.load(file)


@pytest.mark.parametrize(
    ("question", "scopes", "learned", "kind"),
    [
        ("石湾的补贴是不是三成？", 1, Kind.YES_NO, Kind.YES_NO),
        ("石湾和云溪的补贴相差多少？", 2, Kind.FACT, Kind.COMPARISON),  # the form is fixed
        ("哪些文件提到了廊桥？", 0, Kind.LIST, Kind.AGGREGATION),
        ("廊桥修缮由谁牵头？", 0, Kind.LIST, Kind.DEPARTMENT),
        ("廊桥修缮是文物局牵头的吗？", 0, Kind.YES_NO, Kind.YES_NO),
        ("石湾要建几座廊桥？", 1, Kind.AGGREGATION, Kind.FACT),  # a figure of one place
        ("守桥人有哪些义务？", 0, Kind.DUTY, Kind.LIST),  # no organ
        ("石湾县水利局在修桥里做什么？", 1, Kind.DUTY, Kind.DUTY),
        ("由谁牵头？", 0, None, Kind.DEPARTMENT),
    ],
)
def test_where_the_form_is_fixed_patterns_stand(
    question: str, scopes: int, learned: Kind | None, kind: Kind
) -> None:
    assert kind_of(question, scopes, learned) is kind


def test_new_kinds_are_answered_like_facts() -> None:
    assert Kind.YES_NO.plain is Kind.TABLE.plain is Kind.FACT
    assert Kind.LIST.plain is Kind.LIST


def test_a_question_holds_what_the_model_says() -> None:
    says = Says(Kind.PROCEDURE, {"items": 1.2, "figure": 0.01})
    question = understand(["石湾的廊桥咋修"], EMPTY, classifier=says)
    assert question.kind is Kind.PROCEDURE
    assert question.demands == {Demand.ITEMS}
    assert (question.matter, question.is_marked) == ("廊桥", True)
    assert not understand(["石湾的廊桥咋修"], EMPTY).is_marked


def test_the_model_hears_the_turn_before() -> None:
    says = Says()
    understand(["修桥补多少", "谢谢", "那修路呢"], EMPTY, classifier=says)
    heard = {("修桥补多少", ""), ("谢谢", "修桥补多少"), ("那修路呢", "谢谢")}
    assert heard <= set(says.heard)
    says.heard.clear()
    question = understand(["修桥补多少？由谁牵头负责？"], EMPTY)
    parts_of(question, EMPTY, classifier=says)
    assert ("由谁牵头负责？", "修桥补多少？") in says.heard


def test_the_matter_is_whole_words() -> None:
    class Second(Layers):
        """Marks the second token."""

        def __call__(self, seen: np.ndarray) -> np.ndarray:
            found = np.full((len(seen), 1), -9.0, np.float32)
            found[1] = 9.0
            return found

    net = network(tokens=Second(*vars(layers(2 * WIDTH, 1)).values()))
    (seen,) = states(("廊桥修缮补助",), (6, 9))
    assert net.matter("廊桥修缮补助", seen) == ("廊桥",)


@pytest.mark.model
def test_what_ships_knows_plain_questions() -> None:
    """Invented questions of frequent kinds, none of them learnt."""
    assert WEIGHTS.stat().st_size < 2_000_000
    embedder = build_embedder(load_settings(IndexSettings))
    classifier = build_classifier(embedder.layer_states)
    assert classifier is not None
    expected = {
        "石湾县水利局在廊桥修缮工作中承担哪些任务": Kind.DUTY,
        "概括一下廊桥保护方案的主要内容": Kind.SUMMARY,
        "把各镇的廊桥修缮补助整理成表格": Kind.TABLE,
        "为什么要限制廊桥上摆摊": Kind.REASON,
        "廊桥保护办法还有效吗": Kind.TEMPORAL,
        "修桥补助是每座三万元，对吗": Kind.YES_NO,
    }
    found = {question: classifier(question, "").kind for question in expected}
    assert sum(found[q] is kind for q, kind in expected.items()) >= 5, found
    sense = classifier("石湾县廊桥修缮由哪个部门负责", "")
    assert sense.demands["organ"] >= 1
    assert "廊桥" in "".join(sense.matter)
    assert classifier("那云溪县呢", "石湾县修桥补多少").follows > 0.5
    assert classifier.nearest("牧民", ["茶农", "补贴", "标准"]) == "茶农"
