"""Documents of a test's own, a passage for each line, without an index."""

from assistant.revision.alignment import Comparison, compare
from vectorstore.models import Document, Metadata, Passage

OLD = """青溪市河道管理办法
第一章 总则
第一条 为了加强河道管理，制定本办法。
第二条 本办法适用于本市河道。
第三条 任何单位不得在河道内倾倒垃圾。违反的，处2000元以上1万元以下罚款。
第四条 河长每月巡河一次，巡河记录应当保存三年；发现问题的，应当在五日内移交水务局处理。
第五条 违反本办法第四条规定的，给予通报。
第六条 采砂实行许可制度，许可证有效期一年。
第七条 河道整治方案应当公开征求意见。
第八条 本办法自2021年5月1日起施行。
青溪市人民政府
2021年4月1日
"""
NEW = """青溪市河道管理办法
第一章 总则
第一条 为了加强河道管理，保障防洪安全，制定本办法。
第二条 本办法适用于本市河道。
第三条 本办法所称河长，是指负责河道的领导。
第四条 任何单位不得在河道内倾倒垃圾。违反的，处5000元以上3万元以下罚款。
第五条 河长每月巡河一次，巡河记录应当保存三年。
第六条 发现问题的，应当在五日内移交水务局处理。
第七条 采砂实行许可制度，许可证有效期一年。
第八条 违反本办法第五条规定的，给予通报。
第九条 本办法自2026年1月1日起施行。
青溪市人民政府
2025年12月1日
"""


def document(name: str, text: str, **fields: object) -> tuple[Document, list[Passage]]:
    passages, at = [], 0
    for line in text.splitlines(keepends=True):
        if shown := line.rstrip("\n"):
            number = len(passages)
            passages.append(Passage(f"{name}-{number}", name, number, at, at + len(shown), shown))
        at += len(line)
    metadata = Metadata(str(fields.pop("title", name)), **fields)  # type: ignore[arg-type]
    return Document(name, name, (), "txt", text, metadata), passages


def compared(old: str, new: str) -> Comparison:
    return compare(*document("旧", old), *document("新", new))
