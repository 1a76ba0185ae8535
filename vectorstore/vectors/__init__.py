"""Dense search over published folders of vectors."""
