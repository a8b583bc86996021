"""What an administrator does to tenants, people, tokens and direct SQL logins.

Every function works on the administrator's connection: only that may create PostgreSQL roles.
"""
