"""What keeps bytes: each by the digest of its content, written once and never changed."""
