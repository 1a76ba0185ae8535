"""Training questions are read off laws by rule, and a training run gives weights that load."""

import random
from pathlib import Path

import pytest
import torch

from assistant.find.neural.model import ReaderModel
from assistant.training.groups import Group, Passage, Pool, TextPair, written_groups
from assistant.training.lawdata import Example, make_examples, read_articles
from assistant.training.reader import BUCKETS, FROZEN, encode_groups, loss_of, train
from assistant.training.written import WrittenPassage, WrittenQuestion
from vectorstore.embedding.embedder import SentenceEmbedder

LAW = """# 云岭省节约用水条例（示例（虚构））

## 第一章 总则

第一条 为了节约用水，保护水资源，根据有关法律、行政法规，结合本省实际，制定本条例。

第二条 本条例所称再生水，是指污水经过处理后达到规定的水质标准、可以再次利用的水。

第三条 县级以上人民政府水务部门负责本行政区域内节约用水的监督管理工作。

## 第二章 用水管理

第四条 用水单位应当自取水口建成之日起三十日内向水务部门申请安装计量设施。

第五条 有下列情形的，水务部门应当核减用水计划：
（一）单位产品用水量高于定额的；
（二）供水管网漏损率超过百分之十二的；
（三）未按照规定使用再生水的。

第六条 擅自停用节水设施的，由水务部门责令限期改正，处一万元以上五万元以下罚款。
"""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    file = tmp_path_factory.mktemp("laws") / "law.md"
    file.write_text(LAW, encoding="utf-8")
    articles = list(read_articles(file))
    assert [article.number for article in articles] == [f"第{n}条" for n in "一二三四五六"]
    return [example for seed in range(30) for example in make_examples(articles, seed)]


@pytest.mark.parametrize(
    ("kind", "asked", "answer"),
    [
        ("definition", "再生水", "污水经过处理后达到规定的水质标准、可以再次利用的水。"),
        ("department", "节约用水", "县级以上人民政府水务部门"),
        ("time", "计量设施", "自取水口建成之日起三十日内"),
        ("list", "核减用水计划", "（一）单位产品用水量高于定额的；"),
        ("penalty", "停用节水设施", "由水务部门责令限期改正，处一万元以上五万元以下罚款。"),
    ],
)
def test_each_kind_is_asked_with_its_answer(
    examples: list[Example], kind: str, asked: str, answer: str
) -> None:
    found = [e for e in examples if e.kind == kind and asked in e.question]
    assert found
    assert any(e.text[e.start : e.end].strip().startswith(answer) for e in found)


def test_questions_are_put_in_several_ways(examples: list[Example]) -> None:
    asked = {e.question for e in examples if e.kind == "penalty"}
    assert len(asked) > 8
    assert all(e.question.strip() and e.text[e.start : e.end].strip() for e in examples)


def test_the_nearest_passages_share_words() -> None:
    texts = ("水务部门负责节约用水的监督管理", "学校应当开设体育课", "节约用水，人人有责")
    pool = Pool(Passage("", text, text) for text in texts * 20)
    assert [p.text for p in pool.nearest("节约用水由谁负责监督管理", 1)] == [texts[0]]


@pytest.mark.model
def test_the_weights_of_a_run_load_again(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    answer = "省水务厅"
    groups = [
        Group(
            (
                TextPair(f"第{i}项工作由谁负责？", "条例", f"第{i}项工作由{answer}负责。"),
                TextPair(f"第{i}项工作由谁负责？", "条例", f"第{i + 40}项工作有关经费列入预算。"),
                TextPair(f"第{i}项工作由谁负责？", "条例", "学校应当开设体育课。"),
            ),
            (len(f"第{i}项工作由"), len(f"第{i}项工作由{answer}")) if i % 6 else None,
        )
        for i in range(18)
    ]
    encoded = encode_groups(groups, embedder.folder)
    assert len(encoded) == len(groups)
    model = ReaderModel.to_train(embedder.folder, FROZEN)
    history = train(model, encoded, seed=1, passes=1, minutes=5, rate=1e-4)
    assert history[-1]["step"] == 3
    model.eval()
    with torch.inference_mode():
        before = float(loss_of(model, encoded[:6], BUCKETS[0]))

    model.save(tmp_path, {})
    again = ReaderModel.to_train(embedder.folder, model.frozen)
    again.load(tmp_path)
    again.eval()
    with torch.inference_mode():
        assert float(loss_of(again, encoded[:6], BUCKETS[0])) == pytest.approx(before, abs=0.05)


@pytest.mark.model
def test_written_questions_stand_beside_passages_that_do_not_answer(
    embedder: SentenceEmbedder,
) -> None:
    passages = [
        WrittenPassage(
            f"p{i}", f"{town}补助办法", ("二、标准",), f"{town}对老年人每月补助{i}00元。"
        )
        for i, town in enumerate(("青禾市", "望江区", "松湖县", "云岭省", "银汀市", "雁沙市"), 1)
    ]
    questions = [
        WrittenQuestion("老人家一个月发多少钱", style, p, None if style == "near_miss" else (0, 3))
        for p in passages
        for style in ("everyday", "near_miss")
    ]
    groups = written_groups(questions, passages, embedder, random.Random(1))
    answered = [group for group in groups if group.answer]
    assert len(answered) == 6
    assert len(groups) == 6 + 2 * 2
    for group in answered:
        right, *wrong = group.pairs
        assert len(wrong) == 2
        assert right.text not in {pair.text for pair in wrong}
    assert all(len(group.pairs) == 3 for group in groups)
