"""What an installation consists of: the embedded PostgreSQL, its secrets, the migrations."""
