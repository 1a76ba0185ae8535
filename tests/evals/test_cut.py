"""Questions over a document find the passage that answers, whatever white space differs."""

from tests.evals.cut import placed

PASSAGES = [
    {"id": "d-1", "text": "第一条 为了保护溪流，制定本办法。"},
    {"id": "d-2", "text": "第二条 擅自采砂的，\n处二千元罚款。"},
]


def test_the_answer_is_put_as_the_passage_writes_it() -> None:
    row = {
        "question": "偷挖沙子罚多少",
        "style": "everyday",
        "answer": ["擅自采砂的，处二千元罚款"],
        "sentence": "第二条 擅自采砂的，处二千元罚款。",
    }
    found = placed(row, PASSAGES)
    assert found is not None
    assert found["passage"] == "d-2"
    assert found["answer"] == ["擅自采砂的，\n处二千元罚款"]


def test_a_near_miss_stands_with_the_passage_that_misleads() -> None:
    row = {
        "question": "采石罚多少",
        "style": "near_miss",
        "answer": [],
        "sentence": "处二千元罚款。",
    }
    found = placed(row, PASSAGES)
    assert found is not None
    assert (found["passage"], found["answer"]) == ("d-2", [])


def test_what_no_passage_holds_is_left_out() -> None:
    row = {"question": "q", "style": "direct", "answer": ["处五千元罚款"], "sentence": "处"}
    assert placed(row, PASSAGES) is None
