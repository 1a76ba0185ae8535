"""Whom to ask, and where: telephones, mail, addresses."""

from vectorstore.language.pattern import Pattern

PHONE = Pattern(
    r"(?<![\d.\-—])(?:(?:\+?86[\-\s]?)?(?:[(（]?0\d{2,3}[)）]?[\s\-—－]{0,3}\d{7,8}(?:[\-—－转]{1,2}\d{1,5})?"
    r"|2\d-\d{8}|1[3-9]\d{9})|[48]00[\-—－]?\d{3,4}[\-—－]?\d{3,4}|[2-9]\d{6,7}|1[012]\d{3})(?![\d.%元万人户个年])",
    yes=("0600-5518207", "(0600)5518207", "13800000000", "400-100-2000", "5518207", "12399"),
    no=("2026", "3.1415926", "5518207元", "120"),
    why="only where a label or a word for it stands before",
)
EMAIL = Pattern(
    r"[A-Za-z0-9][\w.\-]{0,60}@[A-Za-z0-9\-]{1,40}(?:\.[A-Za-z0-9\-]{1,20}){1,4}",
    yes=("nongshui@example.gov.cn", ("邮箱：a-b@example.com。", "a-b@example.com")),
    no=("@example", "a@b"),
)
URL = Pattern(
    r"https?://[A-Za-z0-9.\-_/:%?=&#~+]{4,200}|www\.[A-Za-z0-9.\-_/%?=&#~+]{4,120}",
    yes=("http://www.example.gov.cn/a/b.html", "www.example.gov.cn"),
    no=("www", "example.gov.cn"),
)
CONTACT_LABEL = Pattern(
    r"(?P<person>联\s{0,3}系\s{0,3}人(?:员)?(?:及(?:联系)?(?:电话|方式))?)"
    r"|(?P<phone>(?:[\u4e00-\u9fff]{0,8}?)(?:电\s{0,3}话(?:号码)?|热线|手机|传\s{0,3}真(?:号码)?|联系方式))"
    r"|(?P<mail>(?:电子)?(?:邮箱|邮件|信箱)(?:地址)?|E-?mail)"
    r"|(?P<address>(?:[\u4e00-\u9fff]{0,6}?)(?:通讯|通信|联系|邮寄|办公|办理|受理|详细|单位)?地\s{0,4}址|(?:受理|办理|报名|申报|办公)地点)"
    r"|(?P<post>邮\s{0,3}编|邮政编码)"
    r"|(?P<site>网\s{0,3}址|(?:官方)?网站(?:地址)?)",
    yes=("联系人", "咨询电话", "电子邮箱", "通讯地址", "网 址", "传真", "邮编"),
    no=("联系实际", "邮政"),
    why="what a number or an address is introduced with",
)
LABELLED = Pattern(
    rf"{CONTACT_LABEL}\s{{0,3}}(?:[（(][^（()）\n]{{1,20}}[)）])?\s{{0,3}}(?P<mark>[:：]|为|是)?\s{{0,4}}",
    yes=("联系人：", ("咨询电话为5518207", "咨询电话为"), "电话(传真)："),
    no=("联系", "：5518207"),
)
POSTCODE = Pattern(
    r"(?<!\d)\d{6}(?!\d)", yes=("310000",), no=("5518207", "2026"), why="the code of a post office"
)
ASKS_FOR = Pattern(
    r"拨打|致电|来电|热线|电话|传真|手机",
    yes=("拨打", ("可致电", "致电")),
    no=("联系人",),
    why="a number behind one of these is a telephone",
)
