"""Labels of Gradio's own components, in both languages. The browser's language decides."""

import gradio as gr

_ZH = {
    "question": "问题",
    "placeholder": "输入问题，Enter 发送，Shift+Enter 换行，Esc 停止",
    "send": "发送",
    "stop": "停止",
    "again": "新对话",
    "way": "作答方式",
    "way_hint": "摘录：直接引用原文，快，字字有出处。生成：由语言模型组织语言，同样逐句核对。",
    "extract": "摘录",
    "generate": "生成",
    "search": "搜索标题和文号",
    "search_hint": "例如 节约用水、〔2023〕17号",
    "region": "地区",
    "issuer": "机关",
    "kind": "文种",
    "year": "年份",
    "status": "状态",
    "upload": "上传文件",
    "drop": "把文件拖到这里（可多选）",
    "delete": "删除所选文件",
    "confirm": "确认删除",
    "keep": "不删",
}
_EN = {
    "question": "Question",
    "placeholder": "Ask a question. Enter sends, Shift+Enter breaks the line, Esc stops",
    "send": "Send",
    "stop": "Stop",
    "again": "New chat",
    "way": "How to answer",
    "way_hint": "Extract quotes the documents, fast and exact. Generate lets the language model "
    "write; every sentence is checked the same way.",
    "extract": "Extract",
    "generate": "Generate",
    "search": "Search titles and numbers",
    "search_hint": "e.g. 节约用水, 〔2023〕17号",
    "region": "Region",
    "issuer": "Issuer",
    "kind": "Kind",
    "year": "Year",
    "status": "Status",
    "upload": "Upload",
    "drop": "Drop files here",
    "delete": "Delete selected",
    "confirm": "Delete it",
    "keep": "Keep it",
}
LABELS = gr.I18n(**{"zh-CN": _ZH, "zh": _ZH}, en=_EN)
