"""One source as an entry of a list of references, by GB/T 7714—2015."""

from assistant.cite.citation import Citation, inside_brackets


def gbt7714(citation: Citation) -> str:
    """责任者. 题名: 文号[Z]. 日期: 页码. What the document does not state is left out, as the
    standard lets entries in the order of citation do; Z is its letter for other documents, which
    those of public bodies are."""
    author = f"{citation.issuer}. " if citation.issuer else ""
    number = f": {citation.document_number}" if citation.document_number else ""
    date = f" {citation.date}" if citation.date else ""
    page = f"{':' if date else ''} {citation.page}" if citation.page else ""
    end = f"{date}{page}"
    return f"{author}{inside_brackets(citation.title, alone=True)}{number}[Z].{end}{'.' if end else ''}"
