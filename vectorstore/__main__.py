"""python -m vectorstore move --to URL | --from URL"""

import argparse
import sys
from collections.abc import Sequence

from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings, load_settings
from vectorstore.stores import Home


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m vectorstore", description="数据目录的各个库：搬进 PostgreSQL，或搬回来"
    )
    commands = found.add_subparsers(dest="command", required=True)
    move = commands.add_parser(
        "move", help="把各个库搬进 PostgreSQL 或搬回 SQLite 文件，逐行核对；搬之前先停下程序"
    )
    way = move.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "--to", metavar="URL", help="搬到 postgresql+psycopg://用户:密码@主机:端口/数据库"
    )
    way.add_argument(
        "--from", metavar="URL", dest="from_", help="从这个数据库搬回数据目录（里面不能已有各个库）"
    )
    return found


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        folder = load_settings(IndexSettings).data_dir
        if arguments.to:
            _move_in(Home(folder, arguments.to))
        else:
            _move_out(Home(folder, arguments.from_))
        return 0
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 1


def _show(label: str, table: str, rows: int) -> None:
    print(f"  {label} {table}：{rows:,} 行，逐行核对一致", file=sys.stderr)


def _move_in(home: Home) -> None:
    from vectorstore.moving.forward import move_in

    moved, aside = move_in(home, _show)
    print(f"搬了 {len(moved)} 个库、{sum(m.rows for m in moved):,} 行，全部核对一致。")
    print(f"原来的文件移到了 {aside}，确认无误后可以删去。")
    print(
        "现在把 POLICY_DATABASE_URL 设成这个地址，再启动程序；上传的文件仍在数据目录的 files 里。"
    )


def _move_out(home: Home) -> None:
    from vectorstore.moving.back import move_out

    moved = move_out(home, _show)
    print(f"搬回了 {len(moved)} 个库、{sum(m.rows for m in moved):,} 行，全部核对一致。")
    print("现在去掉 POLICY_DATABASE_URL 再启动程序；数据库里的内容没有动。")


if __name__ == "__main__":
    sys.exit(main())
