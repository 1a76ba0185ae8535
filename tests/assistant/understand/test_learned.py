"""What a question asks for, as learned: the network, its file, and when it is believed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.training.kinds import store
from assistant.understand.corpus import Corpus
from assistant.understand.kinds import Kind, kind_of
from assistant.understand.learned import (
    GRAMS,
    WEIGHTS,
    Classifier,
    KindNetwork,
    Sense,
    asked_of,
    build_classifier,
    features,
    texts_of,
)
from assistant.understand.turns import parts_of, understand
from vectorstore.embedding.embedder import build_embedder
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings, load_settings

WIDTH = 8
EMPTY = Corpus(())


def means(texts: Sequence[str], layers: Sequence[int]) -> np.ndarray:
    """A stand-in for the encoder: what it makes of a text follows from its length."""
    found = [[[len(t) % 7 + n] * WIDTH for n in range(len(layers))] for t in texts]
    return np.array(found, np.float32)


def network(**changes: object) -> KindNetwork:
    size = 4 * WIDTH + GRAMS
    rng = np.random.default_rng(3)
    values = {
        "mean": np.zeros(size, np.float32),
        "deviation": np.ones(size, np.float32),
        "hidden": rng.normal(scale=0.01, size=(size, 6)).astype(np.float32),
        "hidden_bias": np.zeros(6, np.float32),
        "out": rng.normal(size=(6, 5)).astype(np.float32),
        "out_bias": np.zeros(5, np.float32),
        "kinds": ("duty", "validity", "yes_no"),
        "demands": ("money", "organ"),
        "temperature": 1.0,
        "sure": 0.0,
        "demanded": 0.0,
    }
    return KindNetwork(**{**values, **changes})  # type: ignore[arg-type]


def says(kind: Kind | None, *demands: str) -> Classifier:
    return lambda turn, before: Sense(kind, 0.95, demands)


def test_titles_and_long_openings_are_not_looked_at() -> None:
    assert asked_of("《云溪市养老服务办法》讲了什么") == "《》讲了什么"
    assert asked_of("甲" * 900 + "由谁负责").endswith("由谁负责")
    assert len(asked_of("甲" * 900)) < 200


def test_a_bare_follow_up_is_seen_behind_the_turn_before() -> None:
    assert texts_of("那云溪呢", "石湾由谁负责") == ("那云溪呢", "石湾由谁负责 那云溪呢")
    assert texts_of("由谁负责", "") == ("由谁负责", "由谁负责")


def test_features_tell_characters_and_the_turn_before_apart() -> None:
    seen = features("由谁负责", "", means)
    assert seen.shape == (4 * WIDTH + GRAMS,)
    assert not np.array_equal(seen, features("由谁负担", "", means))
    assert not np.array_equal(seen, features("由谁负责", "那么", means))
    assert np.array_equal(seen, features("由谁负责", "", means))


def test_probabilities_sum_to_one_and_doubt_gives_no_kind() -> None:
    seen = features("由谁负责", "", means)
    kinds, demands = network().probabilities(seen)
    assert kinds.sum() == pytest.approx(1)
    assert ((demands > 0) & (demands < 1)).all()
    assert network().sense(seen).kind in (Kind.DUTY, Kind.TEMPORAL, Kind.YES_NO)
    assert network(sure=1.1).sense(seen).kind is None
    assert network(demanded=1.1).sense(seen).demands == ()


def test_what_is_stored_is_what_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "kinds.npz"
    store(network(sure=0.4), file)
    loaded = KindNetwork.load(file)
    seen = features("石湾补多少", "", means)
    assert loaded.kinds == network().kinds
    assert loaded.sure == 0.4
    assert loaded.probabilities(seen)[0] == pytest.approx(
        network().probabilities(seen)[0], abs=0.02
    )
    classifier = build_classifier(means, file)
    assert classifier is not None
    assert classifier("石湾补多少", "") == classifier("石湾补多少", "")


def test_a_changed_file_is_refused_and_a_missing_one_is_none(tmp_path: Path) -> None:
    file = tmp_path / "kinds.npz"
    assert build_classifier(means, file) is None
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


def test_a_question_holds_what_the_classifier_says() -> None:
    question = understand(["石湾的廊桥咋修"], EMPTY, classifier=says(Kind.PROCEDURE, "list"))
    assert question.kind is Kind.PROCEDURE
    assert question.demands == ("list",)
    assert understand(["石湾的廊桥咋修"], EMPTY).demands == ()


def test_the_classifier_hears_the_turn_before() -> None:
    heard: list[tuple[str, str]] = []

    def classifier(turn: str, before: str) -> Sense:
        heard.append((turn, before))
        return Sense(None, 0.0)

    understand(["修桥补多少", "谢谢", "那修路呢"], EMPTY, classifier=classifier)
    assert heard == [("修桥补多少", ""), ("谢谢", "修桥补多少"), ("那修路呢", "谢谢")]
    heard.clear()
    question = understand(["修桥补多少？由谁牵头负责？"], EMPTY)
    parts_of(question, EMPTY, classifier=classifier)
    assert heard[-1] == ("由谁牵头负责？", "修桥补多少？")


@pytest.mark.model
def test_what_ships_knows_plain_questions() -> None:
    """Invented questions of frequent kinds, none of them learnt."""
    assert WEIGHTS.stat().st_size < 1_000_000
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
    assert "organ" in classifier("廊桥修缮由哪个部门负责", "").demands
