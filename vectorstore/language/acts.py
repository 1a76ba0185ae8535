"""What an organ is asked to do beside leading and being responsible: 验收, 审批, 出资."""

from typing import Literal

from vectorstore.language.pattern import Pattern

Act = Literal["配合", "出资", "审批", "验收", "监督考核", "备案", "发放", "处罚"]

# Words for each, as questions and documents use them.
ACTS: dict[Act, Pattern] = {
    "配合": Pattern(
        r"配合|协办|参与|参加|协助|会同", yes=("配合", "协办"), no=("责任单位",)
    ),
    "出资": Pattern(
        r"出资|出钱|出这笔钱|资金|经费|财政|拨付|费用|预算", yes=("出资", "经费"), no=("牵头",)
    ),
    "审批": Pattern(r"审批|审核|批准|核准|许可|审查|同意", yes=("审批", "批准"), no=("验收",)),
    "验收": Pattern(r"验收|核验|竣工", yes=("验收",), no=("审批",)),
    "监督考核": Pattern(
        r"监督|督查|督导|考核|检查|评估|监管|审计|通报", yes=("督查", "考核"), no=("牵头",)
    ),
    "备案": Pattern(r"备案|报[^，。；]{1,20}局", yes=("备案",), no=("登记",)),
    "发放": Pattern(r"发放|兑付|拨付|支付|兑现|发给", yes=("发放", "兑付"), no=("受理",)),
    "处罚": Pattern(r"罚|查处|追究|责令", yes=(("处罚", "罚"), "责令"), no=("负责",)),
}  # fmt: skip
HAS_A_ROLE = Pattern(
    r"牵头|责任(?:单位|部门)|负责|配合|主办|承办",
    yes=("牵头", "责任单位"),
    no=("建成120个",),
    why="says who is to do something",
)
