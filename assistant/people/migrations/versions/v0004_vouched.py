"""What of its owner's rights a key may use at most. A key that waited may nothing yet; one of a
service that did not has what the service has at this moment, and what it gains waits."""

from alembic import op

revision = "0004"
down_revision = "0003"

RIGHTS = """
    SELECT json_group_array(said) FROM (
        SELECT 'role ' || role AS said FROM roles WHERE roles.person = keys.person
        UNION ALL SELECT 'group ' || group_id FROM members WHERE members.person = keys.person
        UNION ALL SELECT 'department ' || line.id FROM line WHERE line.person = keys.person
    )
"""


def upgrade() -> None:
    op.execute("ALTER TABLE keys ADD COLUMN vouched TEXT")
    op.execute("UPDATE keys SET vouched = '[]' WHERE held")
    op.execute(
        f"""
        WITH RECURSIVE line (person, id, step) AS (
            SELECT id, department, 0 FROM accounts WHERE department IS NOT NULL
            UNION ALL SELECT line.person, departments.parent, step + 1
            FROM line JOIN departments ON departments.id = line.id
            WHERE departments.parent IS NOT NULL AND step < 20
        )
        UPDATE keys SET vouched = ({RIGHTS})
        WHERE NOT held AND person IN (SELECT id FROM accounts WHERE source = 'service')
        """
    )
    op.execute("ALTER TABLE keys DROP COLUMN held")
